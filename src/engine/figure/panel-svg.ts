import type { Rectangle, TypeSizes } from './layout.ts'
import type { ScaleBar } from './scale-bar.ts'
import { rasterPng } from './raster.ts'
import type { Raster } from './raster.ts'
import { element, text } from './svg.ts'
import type { Drawn } from './svg.ts'

/** The slice, cut to the frame: a raster of averaged voxels may reach beyond the last row and column. */
export function imageSvg(frame: Rectangle, raster: Raster, columns: number, rows: number): Drawn {
  const drawnColumns = raster.width * raster.voxelsPerPixel
  const drawnRows = raster.height * raster.voxelsPerPixel
  const href = `data:image/png;base64,${Buffer.from(rasterPng(raster)).toString('base64')}`
  return element(
    'svg',
    { ...frame, viewBox: `0 0 ${columns} ${rows}`, preserveAspectRatio: 'none' },
    element('image', {
      x: 0,
      y: rows - drawnRows,
      width: drawnColumns,
      height: drawnRows,
      preserveAspectRatio: 'none',
      // Voxels are shown as they are, not smoothed.
      'image-rendering': 'optimizeSpeed',
      href
    })
  )
}

const barHeight = 1.8
const barInset = 6
const halo = 0.6

/** White with a dark rim, so that it is seen on any grey. */
export function scaleBarSvg(frame: Rectangle, bar: ScaleBar, columns: number, type: TypeSizes): Drawn {
  const width = (bar.columns * frame.width) / columns
  const x = frame.x + frame.width - barInset - width
  const y = frame.y + frame.height - barInset - barHeight
  const rim = { x: x - halo, y: y - halo, width: width + 2 * halo, height: barHeight + 2 * halo, fill: '#000' }
  return element(
    'g',
    { class: 'scale-bar' },
    element('rect', rim),
    element('rect', { x, y, width, height: barHeight, fill: '#fff' }),
    text(bar.label, {
      x: x + width / 2,
      y: y - 3,
      'text-anchor': 'middle',
      'font-size': type.label,
      'font-weight': 600,
      fill: '#fff',
      stroke: '#000',
      'stroke-width': 1.2,
      'stroke-linejoin': 'round',
      'paint-order': 'stroke'
    })
  )
}
