import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import type { ColourMapName } from '../../shared/figure.ts'
import { gradientOf } from '../slices/colourMaps.ts'
import type { OpacityPoint } from '../../shared/default-opacity.ts'
import { addedPoint, movedPoint, removedPoint } from '../../shared/transfer-function.ts'

interface OpacityCurveProps {
  points: readonly OpacityPoint[]
  colourMap: ColourMapName
  onChange(points: readonly OpacityPoint[]): void
}

const width = 240
const height = 72

/** The transfer function: opacity of a voxel over the contrast's range, dense on the right. Opacities are drawn by their square root. */
export function OpacityCurve({ points, colourMap, onChange }: OpacityCurveProps) {
  const svg = useRef<SVGSVGElement>(null)
  const dragged = useRef(-1)
  const x = (share: number): number => share * width
  const y = (opacity: number): number => height * (1 - Math.sqrt(opacity))
  const pointAt = (event: PointerEvent): OpacityPoint => {
    const box = svg.current?.getBoundingClientRect()
    if (!box) return { share: 0, opacity: 0 }
    const up = Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height))
    return { share: Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)), opacity: up * up }
  }
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const { share, opacity } = points[index]
    const by = event.shiftKey ? 0.1 : 0.02
    const root = Math.sqrt(opacity)
    const moves: Readonly<Record<string, OpacityPoint>> = {
      ArrowLeft: { share: share - by, opacity },
      ArrowRight: { share: share + by, opacity },
      ArrowUp: { share, opacity: Math.min(1, root + by) ** 2 },
      ArrowDown: { share, opacity: Math.max(0, root - by) ** 2 }
    }
    if (event.key === 'Delete' || event.key === 'Backspace') onChange(removedPoint(points, index))
    else if (moves[event.key]) onChange(movedPoint(points, index, moves[event.key]))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <figure className="opacity-curve">
      <svg
        ref={svg}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="group"
        aria-label="Opacity over the grey range"
        onDoubleClick={(event) => onChange(addedPoint(points, pointAt(event as unknown as PointerEvent).share))}
        onPointerMove={(event) => dragged.current >= 0 && onChange(movedPoint(points, dragged.current, pointAt(event)))}
        onPointerUp={() => (dragged.current = -1)}
      >
        <path
          className="opacity-area"
          d={`M0 ${height}${points.map(({ share, opacity }) => `L${x(share)} ${y(opacity)}`).join('')}L${width} ${height}Z`}
        />
        {points.map(({ share, opacity }, index) => (
          <circle
            key={index}
            cx={x(share)}
            cy={y(opacity)}
            r={5}
            role="slider"
            tabIndex={0}
            aria-label={`Opacity at ${Math.round(share * 100)} % of the range`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(opacity * 100)}
            aria-valuetext={`${(opacity * 100).toFixed(1)} % a voxel`}
            onPointerDown={(event) => {
              event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId)
              dragged.current = index
            }}
            onKeyDown={(event) => onKeyDown(event, index)}
          />
        ))}
      </svg>
      <div className="opacity-colours" style={{ background: gradientOf(colourMap) }} />
      <figcaption>Opacity a voxel; double-click adds a point, Delete removes it</figcaption>
    </figure>
  )
}
