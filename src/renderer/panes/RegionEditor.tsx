import { useState, type PointerEvent } from 'react'
import type { Box, XYZ } from '../../shared/axes.ts'
import type { PaneTransform } from '../geometry/paneTransform.ts'
import { dragBox, intersects, type BoxGrip } from '../geometry/regionBox.ts'
import { setRegion } from '../stores/region.ts'
import type { View } from '../stores/view.ts'
import { rectangleOf } from './Glyphs.tsx'

interface RegionEditorProps {
  transform: PaneTransform
  view: View
  /** Whose region it is. */
  tomogram: string
  box: Box
}

interface Drag {
  grip: BoxGrip
  from: Box
  x: number
  y: number
}

const handle = 4

/** The region of interest in one plane: its frame moves it, its sides and corners resize it. */
export function RegionEditor({ transform, view, tomogram, box }: RegionEditorProps) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const { right, up, normal } = transform.axes
  const r = rectangleOf(transform, box)
  const left = r.x
  const top = r.y
  const far = r.x + r.width
  const bottom = r.y + r.height

  const grab = (grip: BoxGrip, cursor: string) => ({
    style: { cursor },
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      if (event.button !== 0) return
      event.stopPropagation()
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag({ grip, from: box, x: event.clientX, y: event.clientY })
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      if (!drag) return
      event.stopPropagation()
      const shift: XYZ = { x: 0, y: 0, z: 0 }
      shift[right] = (event.clientX - drag.x) / transform.pixelsPerVoxel[right]
      shift[up] = -(event.clientY - drag.y) / transform.pixelsPerVoxel[up]
      setRegion(tomogram, dragBox(drag.from, drag.grip, shift, view.size))
    },
    onPointerUp: (event: PointerEvent<SVGElement>) => {
      if (drag) event.stopPropagation()
      setDrag(null)
    },
    onLostPointerCapture: () => setDrag(null)
  })

  const sides: readonly [key: string, path: string, grip: BoxGrip, cursor: string][] = [
    ['left', `M${left} ${top}V${bottom}`, { [right]: 0 }, 'ew-resize'],
    ['right', `M${far} ${top}V${bottom}`, { [right]: 1 }, 'ew-resize'],
    ['bottom', `M${left} ${bottom}H${far}`, { [up]: 0 }, 'ns-resize'],
    ['top', `M${left} ${top}H${far}`, { [up]: 1 }, 'ns-resize']
  ]
  const corners: readonly [key: string, x: number, y: number, grip: BoxGrip, cursor: string][] = [
    ['left-bottom', left, bottom, { [right]: 0, [up]: 0 }, 'nesw-resize'],
    ['right-bottom', far, bottom, { [right]: 1, [up]: 0 }, 'nwse-resize'],
    ['left-top', left, top, { [right]: 0, [up]: 1 }, 'nwse-resize'],
    ['right-top', far, top, { [right]: 1, [up]: 1 }, 'nesw-resize']
  ]
  return (
    <g className={intersects(box, normal, view.cursor[normal]) ? 'region' : 'region region-elsewhere'} data-region>
      <rect className="halo" x={left} y={top} width={r.width} height={r.height} />
      <rect x={left} y={top} width={r.width} height={r.height} />
      {sides.map(([key, path, grip, cursor]) => (
        <path key={key} className="region-side" d={path} {...grab(grip, cursor)} />
      ))}
      {corners.map(([key, x, y, grip, cursor]) => (
        <rect
          key={key}
          className="region-corner"
          data-grip={key}
          x={x - handle}
          y={y - handle}
          width={2 * handle}
          height={2 * handle}
          {...grab(grip, cursor)}
        />
      ))}
      <circle
        className="region-move"
        data-grip="move"
        cx={(left + far) / 2}
        cy={(top + bottom) / 2}
        r={handle + 1}
        {...grab('all', 'move')}
      />
    </g>
  )
}
