import type { XYZ } from '../../shared/axes.ts'
import { toPane, type PaneTransform } from '../geometry/paneTransform.ts'
import { useView, type View } from '../stores/view.ts'
import { formatDistance } from './formatDistance.ts'
import { lengthOf, linesOf, useMeasure, type Line } from './measurements.ts'

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
      {lines.map((line) => (
        <LineGlyph key={line.id} line={line} transform={transform} view={view} />
      ))}
      {from && <LineGlyph line={{ from, to: to ?? from }} transform={transform} view={view} open={to === null} />}
    </>
  )
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
  const label = {
    x: (a.x + b.x) / 2 + ((b.y - a.y) / length) * 12 * upwards,
    y: (a.y + b.y) / 2 - ((b.x - a.x) / length) * 12 * upwards
  }
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
