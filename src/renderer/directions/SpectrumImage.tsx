import { useEffect, useRef } from 'react'
import type { Raster } from '../api/routes.ts'
import { robustContrast } from '../numbers/percentile.ts'

/** A log power spectrum in grey between its own percentiles, row 0 at the bottom. */
export function SpectrumImage({ spectrum, label }: { spectrum: Raster | null; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current && spectrum) paint(canvas.current, spectrum)
  }, [spectrum])
  return <canvas ref={canvas} aria-label={label} role="img" />
}

function paint(canvas: HTMLCanvasElement, { rows, columns, values }: Raster): void {
  canvas.width = columns
  canvas.height = rows
  const context = canvas.getContext('2d')
  const limits = robustContrast(values)
  if (!context || !limits || rows < 1 || columns < 1) return
  const image = context.createImageData(columns, rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]
      const share = Number.isFinite(value) ? (value - limits.low) / (limits.high - limits.low) : 0
      const grey = Math.round(255 * Math.min(1, Math.max(0, share)))
      image.data.set([grey, grey, grey, 255], ((rows - 1 - row) * columns + column) * 4)
    }
  context.putImageData(image, 0, 0)
}
