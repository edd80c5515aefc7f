import type { Axis, XYZ } from '../../shared/axes.ts'
import { toPane, type PaneTransform } from '../geometry/paneTransform.ts'
import { useView, type View } from '../stores/view.ts'
import { formatDistance, lengthOf } from '../../shared/distances.ts'
import { linesOf, useMeasure, type Line } from './measurements.ts'

interface MeasureGlyphsProps {
  transform: PaneTransform
  view: View
  tomogram: string
}

/** The measured distances of a tomogram in one plane, and the one being drawn. */
export function MeasureGlyphs({ transform, view, tomogram }: MeasureGlyphsProps) {
  const lines = useMeasure((state) => linesOf(state, tomogram))
  const begun = useMeasure((state) => state.begun)
  const pointer = useMeasure((state) => state.pointer)
  const measuring = useView((state) => state.tool === 'measure')
  const from = measuring && begun?.group === tomogram ? begun.from : null
  const to = pointer?.group === tomogram ? pointer.point : null
  return (
    <>
      {lines
        .filter((line) => meets(line, transform.axes.normal, view.cursor[transform.axes.normal]))
        .map((line) => (
          <LineGlyph key={line.id} line={line} transform={transform} view={view} />
        ))}
      {from && <LineGlyph line={{ from, to: to ?? from }} transform={transform} view={view} open={to === null} />}
    </>
  )
}

/** Whether a line passes through a slice: others would only be in the way. */
function meets({ from, to }: Pick<Line, 'from' | 'to'>, normal: Axis, slice: number): boolean {
  const [low, high] = [Math.min(from[normal], to[normal]), Math.max(from[normal], to[normal])]
  return Math.floor(low) <= slice && slice <= Math.floor(high)
}

interface LineGlyphProps {
  line: Pick<Line, 'from' | 'to'> & { id?: number }
  transform: PaneTransform
  view: View
  /** Only the first point is set. */
  open?: boolean
}

/** A line as it is seen along the pane's normal: whole where it lies in the slice shown, dashed where it leaves it. */
function LineGlyph({ line, transform, view, open = false }: LineGlyphProps) {
  const { normal } = transform.axes
  const inSlice = (point: XYZ): boolean => Math.floor(point[normal]) === view.cursor[normal]
  const ends = [line.from, line.to].map((point) => ({ ...toPane(transform, point), here: inSlice(point) }))
  const [a, b] = ends
  const path = `M${a.x} ${a.y}L${b.x} ${b.y}`
  const here = ends.filter((end) => end.here).length
  // Beside the line, on its upper side, where it does not cover what is measured.
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const upwards = b.x >= a.x ? 1 : -1
  const along = { x: (b.x - a.x) / length, y: (b.y - a.y) / length }
  // Letters are wider than high: beside a steep line they need more room.
  const away = (10 + 18 * Math.abs(along.y)) * upwards
  const label = { x: (a.x + b.x) / 2 + along.y * away, y: (a.y + b.y) / 2 - along.x * away }
  return (
    <g
      className="measure"
      data-measure={line.id ?? 'open'}
      data-here={here}
      data-from={`${a.x.toFixed(2)},${a.y.toFixed(2)}`}
      data-to={`${b.x.toFixed(2)},${b.y.toFixed(2)}`}
    >
      <path className="halo" d={path} />
      <path d={path} strokeDasharray={here === 2 ? undefined : '4 3'} />
      {ends.map((end, i) => (
        <circle key={i} cx={end.x} cy={end.y} r={3} className={end.here ? 'measure-here' : 'measure-away'} />
      ))}
      {!open && (
        <text x={label.x} y={label.y}>
          {formatDistance(lengthOf(line, view.voxelSizeAngstrom))}
        </text>
      )}
    </g>
  )
}
