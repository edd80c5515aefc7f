import type { KeyboardEvent, PointerEvent } from 'react'
import type { WedgeReport } from '../../shared/api.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { doubleSector, tiltAtPoint, tiltPoint, type SpectrumFrame } from '../../shared/spectrum-geometry.ts'

interface WedgeEdgesProps {
  frame: SpectrumFrame
  wedge: Wedge
  /** What the power spectrum alone says; drawn as a band as wide as its uncertainty. */
  estimate?: WedgeReport['estimate']
  onChange(edit: Partial<Wedge>): void
}

type Edge = 'tiltMin' | 'tiltMax'

const names: Readonly<Record<Edge, string>> = { tiltMin: 'Smallest tilt', tiltMax: 'Largest tilt' }

/** The assumed wedge over a spectrum across the tilt axis: what it leaves unmeasured is shaded, its edges can be dragged. */
export function WedgeEdges({ frame, wedge, estimate, onChange }: WedgeEdgesProps) {
  const { tiltMin, tiltMax } = wedge
  return (
    <>
      {tiltMax - tiltMin < 180 && (
        <path className="wedge-missing" d={doubleSector(frame, wedge, tiltMax, tiltMin + 180, 0.8)} />
      )}
      {estimate && <EstimateBand frame={frame} wedge={wedge} estimate={estimate} />}
      <EdgeLine edge="tiltMin" frame={frame} wedge={wedge} onChange={onChange} />
      <EdgeLine edge="tiltMax" frame={frame} wedge={wedge} onChange={onChange} />
    </>
  )
}

function EstimateBand({
  frame,
  wedge,
  estimate
}: {
  frame: SpectrumFrame
  wedge: Wedge
  estimate: NonNullable<WedgeReport['estimate']>
}) {
  const { uncertaintyDegrees } = estimate
  return (
    <g className="wedge-estimate" data-uncertainty={uncertaintyDegrees}>
      {([estimate.tiltMin, estimate.tiltMax] as const).map((degrees) => (
        <path
          key={degrees}
          d={doubleSector(frame, wedge, degrees - uncertaintyDegrees, degrees + uncertaintyDegrees, 0.72)}
        />
      ))}
    </g>
  )
}

function EdgeLine({ edge, frame, wedge, onChange }: WedgeEdgesProps & { edge: Edge }) {
  const degrees = wedge[edge]
  const far = tiltPoint(frame, wedge, degrees, 0.7)
  const back = tiltPoint(frame, wedge, degrees, -0.7)
  const knob = tiltPoint(frame, wedge, degrees, 0.4)
  const { middle } = frame

  const onMove = (event: PointerEvent<SVGGElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect()
    if (!box) return
    const at = {
      x: ((event.clientX - box.left) / box.width) * frame.edge,
      y: ((event.clientY - box.top) / box.height) * frame.edge
    }
    onChange(dragged(edge, wedge, tiltAtPoint(frame, wedge, at)))
  }
  const onKeyDown = (event: KeyboardEvent<SVGGElement>): void => {
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onChange({ [edge]: Math.min(90, Math.max(-90, degrees + by * (event.shiftKey ? 5 : 1))) })
  }
  return (
    <g
      className="wedge-edge"
      role="slider"
      tabIndex={0}
      aria-label={names[edge]}
      aria-valuemin={-90}
      aria-valuemax={90}
      aria-valuenow={degrees}
      aria-valuetext={`${degrees} degrees`}
      data-edge={edge}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onMove}
      onKeyDown={onKeyDown}
    >
      <path className="halo" d={`M${back.x} ${back.y}L${far.x} ${far.y}`} />
      <path d={`M${back.x} ${back.y}L${far.x} ${far.y}`} />
      <path className="wedge-grip" d={`M${middle.x} ${middle.y}L${far.x} ${far.y}`} />
      <circle cx={knob.x} cy={knob.y} r={4.5} />
    </g>
  )
}

/** Half of all directions lie on the other side of the vertical; an edge stops there, and a degree from the other edge. */
function dragged(edge: Edge, { tiltMin, tiltMax }: Wedge, tilt: number): Partial<Wedge> {
  return edge === 'tiltMax'
    ? { tiltMax: tilt > tiltMin ? Math.max(tiltMin + 1, tilt) : 90 }
    : { tiltMin: tilt < tiltMax ? Math.min(tiltMax - 1, tilt) : -90 }
}
