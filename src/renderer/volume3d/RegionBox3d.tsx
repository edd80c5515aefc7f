import { useState, type PointerEvent } from 'react'
import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import { project, viewAxes, type Camera } from '../../shared/camera.ts'
import { dragBox, type BoxGrip } from '../geometry/regionBox.ts'
import { setRegion } from '../stores/region.ts'
import type { View } from '../stores/view.ts'

interface RegionBoxProps {
  camera: Camera
  size: { width: number; height: number }
  view: View
  /** Whose region it is. */
  tomogram: string
  box: Box
}

interface Drag {
  grip: BoxGrip
  axis: Axis
  from: Box
  x: number
  y: number
  /** Where a voxel further along the axis lies on screen, in pixels. */
  step: { x: number; y: number }
}

const axes: readonly Axis[] = ['x', 'y', 'z']
/** A handle that one looks at from nearly behind can't be dragged along its axis. */
const leastSlant = 0.25

/** The region of interest in space: its edges, those behind it dashed, and a handle on every side. */
export function RegionBox3d({ camera, size, view, tomogram, box }: RegionBoxProps) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const { aspect } = view
  const onScreen = (voxel: XYZ) =>
    project(camera, { x: voxel.x * aspect.x, y: voxel.y * aspect.y, z: voxel.z * aspect.z }, size)
  const corner = (ends: XYZ): XYZ => ({ x: box.x[ends.x], y: box.y[ends.y], z: box.z[ends.z] })
  const { back } = viewAxes(camera)
  const hidden: XYZ = { x: back[0] > 0 ? 0 : 1, y: back[1] > 0 ? 0 : 1, z: back[2] > 0 ? 0 : 1 }

  const edges = axes.flatMap((along, i) => {
    const [one, other] = [axes[(i + 1) % 3], axes[(i + 2) % 3]]
    return [0, 1].flatMap((a) =>
      [0, 1].map((b) => {
        const ends: XYZ = { x: 0, y: 0, z: 0 }
        ends[one] = a
        ends[other] = b
        const from = onScreen(corner({ ...ends, [along]: 0 }))
        const to = onScreen(corner({ ...ends, [along]: 1 }))
        const isBehind = ends[one] === hidden[one] && ends[other] === hidden[other]
        return from && to && { key: `${along}${a}${b}`, isBehind, d: `M${from.x} ${from.y}L${to.x} ${to.y}` }
      })
    )
  })
  const middle: XYZ = {
    x: (box.x[0] + box.x[1]) / 2,
    y: (box.y[0] + box.y[1]) / 2,
    z: (box.z[0] + box.z[1]) / 2
  }
  const handles = axes.flatMap((axis) =>
    ([0, 1] as const).map((end) => {
      const at = onScreen({ ...middle, [axis]: box[axis][end] })
      const further = onScreen({ ...middle, [axis]: box[axis][end] + 1 })
      if (!at || !further) return null
      const step = { x: further.x - at.x, y: further.y - at.y }
      const slant = Math.hypot(step.x, step.y) / ((size.height / camera.height) * aspect[axis])
      return slant < leastSlant ? null : { axis, end, at, step }
    })
  )

  const grab = (axis: Axis, end: 0 | 1, step: Drag['step']) => ({
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      if (event.button !== 0) return
      event.stopPropagation()
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag({ grip: { [axis]: end }, axis, from: box, x: event.clientX, y: event.clientY, step })
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      if (!drag) return
      event.stopPropagation()
      const { step } = drag
      const along = (event.clientX - drag.x) * step.x + (event.clientY - drag.y) * step.y
      const shift: XYZ = { x: 0, y: 0, z: 0 }
      shift[drag.axis] = along / (step.x * step.x + step.y * step.y)
      setRegion(tomogram, dragBox(drag.from, drag.grip, shift, view.size))
    },
    onPointerUp: (event: PointerEvent<SVGElement>) => {
      if (drag) event.stopPropagation()
      setDrag(null)
    },
    onLostPointerCapture: () => setDrag(null)
  })

  return (
    <g className="region region-3d" data-region-3d>
      {edges.map((edge) => edge && <path key={edge.key} className="halo" d={edge.d} />)}
      {edges.map((edge) => edge && <path key={edge.key} className={edge.isBehind ? 'region-behind' : ''} d={edge.d} />)}
      {handles.map(
        (handle) =>
          handle && (
            <circle
              key={`${handle.axis}${handle.end}`}
              className="region-corner"
              data-grip={`${handle.axis}-${handle.end === 0 ? 'low' : 'high'}`}
              cx={handle.at.x}
              cy={handle.at.y}
              r={5}
              {...grab(handle.axis, handle.end, handle.step)}
            />
          )
      )}
    </g>
  )
}
