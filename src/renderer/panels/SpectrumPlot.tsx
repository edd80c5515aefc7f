import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { planeAxes, type Plane } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { failureOf } from '../api/failures.ts'
import { getSpectrum, type Raster } from '../api/routes.ts'
import { acrossAxis, columnsRunAcross, planeAcross, tiltOfDirection } from '../geometry/wedgePlane.ts'
import { robustContrast } from '../numbers/percentile.ts'

const size = 168

interface SpectrumPlotProps {
  tomogram: OpenVolume
  wedge: Wedge
  onChange(edit: Partial<Wedge>): void
}

type Edge = 'tiltMin' | 'tiltMax'

/** Log power in the plane across the tilt axis, with the assumed wedge on it; its edges can be dragged. */
export function SpectrumPlot({ tomogram, wedge, onChange }: SpectrumPlotProps) {
  const plane = planeAcross(wedge.tiltAxis)
  const { spectrum, problem } = useSpectrum(tomogram.id, plane)
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current && spectrum) paint(canvas.current, spectrum)
  }, [spectrum])

  const horizontal = columnsRunAcross(wedge)
  const middle = centreOf(tomogram, plane)
  const point = (degrees: number, radius: number): { x: number; y: number } => {
    const angle = (degrees * Math.PI) / 180
    const across = Math.cos(angle) * radius
    const beam = Math.sin(angle) * radius
    return { x: middle.x + (horizontal ? across : beam) * size, y: middle.y - (horizontal ? beam : across) * size }
  }

  const dragTo = (edge: Edge, x: number, y: number): void => {
    const right = x - middle.x
    const up = middle.y - y
    const tilt = Math.round(tiltOfDirection(horizontal ? right : up, horizontal ? up : right) * 2) / 2
    // Half of all directions lie on the other side of the vertical; the edge stops there.
    if (edge === 'tiltMax') onChange({ tiltMax: tilt > wedge.tiltMin ? Math.max(wedge.tiltMin + 1, tilt) : 90 })
    else onChange({ tiltMin: tilt < wedge.tiltMax ? Math.min(wedge.tiltMax - 1, tilt) : -90 })
  }

  const edgeLine = (edge: Edge, name: string) => {
    const degrees = wedge[edge]
    const far = point(degrees, 0.7)
    const back = point(degrees, -0.7)
    const knob = point(degrees, 0.4)
    return (
      <g
        key={edge}
        className="wedge-edge"
        role="slider"
        tabIndex={0}
        aria-label={name}
        aria-valuemin={-90}
        aria-valuemax={90}
        aria-valuenow={degrees}
        aria-valuetext={`${degrees} degrees`}
        data-edge={edge}
        onPointerDown={(event: PointerEvent<SVGGElement>) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event: PointerEvent<SVGGElement>) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
          const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect()
          if (!box) return
          dragTo(edge, ((event.clientX - box.left) / box.width) * size, ((event.clientY - box.top) / box.height) * size)
        }}
        onKeyDown={(event: KeyboardEvent<SVGGElement>) => {
          const by =
            event.key === 'ArrowUp' || event.key === 'ArrowRight'
              ? 1
              : event.key === 'ArrowDown' || event.key === 'ArrowLeft'
                ? -1
                : 0
          if (by === 0) return
          event.preventDefault()
          onChange({ [edge]: Math.min(90, Math.max(-90, degrees + by * (event.shiftKey ? 5 : 1))) })
        }}
      >
        <path className="halo" d={`M${back.x} ${back.y}L${far.x} ${far.y}`} />
        <path d={`M${back.x} ${back.y}L${far.x} ${far.y}`} />
        <path className="wedge-grip" d={`M${middle.x} ${middle.y}L${far.x} ${far.y}`} />
        <circle cx={knob.x} cy={knob.y} r={4.5} />
      </g>
    )
  }

  const { tiltMin, tiltMax } = wedge
  const missing = [1, -1].map((side) =>
    sectorPath(
      [point(tiltMax, 0.8 * side), point((tiltMax + tiltMin + 180) / 2, 0.8 * side), point(tiltMin + 180, 0.8 * side)],
      middle
    )
  )
  return (
    <figure className="spectrum">
      <div className="spectrum-picture">
        <canvas ref={canvas} aria-label="Log power spectrum" role="img" />
        <svg viewBox={`0 0 ${size} ${size}`} role="group" aria-label="Assumed wedge on the power spectrum">
          {tiltMax - tiltMin < 180 && missing.map((path) => <path key={path} className="wedge-missing" d={path} />)}
          {edgeLine('tiltMin', 'Smallest tilt')}
          {edgeLine('tiltMax', 'Largest tilt')}
        </svg>
        {problem && <p className="pane-note">{problem}</p>}
      </div>
      <figcaption>
        Log power: k<sub>{horizontal ? acrossAxis(wedge) : wedge.beamAxis}</sub> right, k
        <sub>{horizontal ? wedge.beamAxis : acrossAxis(wedge)}</sub> up
      </figcaption>
    </figure>
  )
}

function sectorPath(points: readonly { x: number; y: number }[], middle: { x: number; y: number }): string {
  return `M${middle.x} ${middle.y}${points.map(({ x, y }) => `L${x} ${y}`).join('')}Z`
}

/** Where frequency zero lies in the square: the middle of sample floor(n / 2). */
function centreOf(tomogram: OpenVolume, plane: Plane): { x: number; y: number } {
  const { column, row } = planeAxes[plane]
  const middle = (n: number): number => (Math.floor(n / 2) + 0.5) / n
  return { x: middle(tomogram.info.size[column]) * size, y: (1 - middle(tomogram.info.size[row])) * size }
}

function useSpectrum(id: string, plane: Plane): { spectrum: Raster | null; problem: string | null } {
  const [known, setKnown] = useState<{ key: string; spectrum: Raster | null; problem: string | null } | null>(null)
  const key = `${id}:${plane}`
  useEffect(() => {
    const abort = new AbortController()
    getSpectrum(id, plane, abort.signal).then(
      (spectrum) => setKnown({ key, spectrum, problem: null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setKnown({ key, spectrum: null, problem: failureOf(error).message })
      }
    )
    return () => abort.abort()
  }, [id, plane, key])
  return known?.key === key ? known : { spectrum: null, problem: null }
}

/** Grey by log power between its own percentiles, row 0 at the bottom. */
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
