import { colourTable, colourIndex, shareOfRange } from '../../shared/colour-maps.ts'
import type { Axis, XYZ } from '../../shared/axes.ts'
import { formatDistance, lengthOf } from '../../shared/distances.ts'
import type { SlicePanel } from '../../shared/figure.ts'
import { contourLines } from './contour-lines.ts'
import type { PanelDrawing } from './drawn-panel.ts'
import type { Rectangle } from './layout.ts'
import type { PlacedSlice } from './placed-slice.ts'
import { element, text } from './svg.ts'
import type { Attributes, Drawn } from './svg.ts'

/** How a panel shows its slice: the axes to the right and up, its index, the corner and extent of what is shown in the base's voxels. */
export interface ShownSlice {
  right: Axis
  up: Axis
  normal: Axis
  index: number
  corner: readonly [right: number, up: number]
  columns: number
  rows: number
  voxelSizeAngstrom: XYZ | null
}

interface Point {
  x: number
  y: number
}

/** Lines and letters over a slice, cut to its frame. */
export function slicePanelMarks(
  frame: Rectangle,
  panel: SlicePanel,
  shown: ShownSlice,
  overlay: PlacedSlice | null,
  drawing: PanelDrawing
): Drawn[] {
  const { columns, rows } = shown
  // Within the frame: points, from its upper left corner.
  const place = (right: number, up: number): Point => ({
    x: (right / columns) * frame.width,
    y: (1 - up / rows) * frame.height
  })
  const ofVoxel = (point: XYZ): Point => place(point[shown.right] - shown.corner[0], point[shown.up] - shown.corner[1])
  const { crosshair, region, distances } = panel.marks
  const drawn: Drawn[] = [
    ...(panel.overlay && overlay ? contours(panel.overlay, overlay, place) : []),
    ...(region && region[shown.normal][0] <= shown.index && shown.index < region[shown.normal][1]
      ? [regionFrame(region, ofVoxel)]
      : []),
    ...(crosshair ? [crosshairLines(ofVoxel(middleOf(crosshair)), frame)] : []),
    ...distances
      .filter(({ from, to }) => meets(from[shown.normal], to[shown.normal], shown.index))
      .flatMap((segment) => distanceMark(segment, shown, ofVoxel, drawing)),
    ...comparisonNames(panel, place, frame, drawing)
  ]
  if (drawn.length === 0) return []
  const viewBox = `0 0 ${Number(frame.width.toFixed(6))} ${Number(frame.height.toFixed(6))}`
  return [element('svg', { ...frame, viewBox, class: 'marks' }, ...drawn)]
}

/** In points; the rim is twice as wide, as in the window. */
const contourWidth = 0.75

function contours(
  { contours: levels, contrast, colourMap }: NonNullable<SlicePanel['overlay']>,
  { slice, offset }: PlacedSlice,
  place: (right: number, up: number) => Point
): Drawn[] {
  return levels.flatMap((level) => {
    const lines = contourLines(slice, level)
    if (lines.length === 0) return []
    const pointOf = ([x, y]: readonly [number, number]): string => {
      const at = place(x + offset[0], y + offset[1])
      return `${short(at.x)} ${short(at.y)}`
    }
    const d = lines.map((line) => `M${line.map(pointOf).join('L')}`).join('')
    const at = colourIndex(shareOfRange(level, contrast)) * 4
    const core = [...colourTable(colourMap).subarray(at, at + 3)]
    const brightness = (0.299 * core[0] + 0.587 * core[1] + 0.114 * core[2]) / 255
    const line: Attributes = { d, fill: 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }
    return [
      element('path', {
        ...line,
        stroke: brightness > 0.5 ? '#000000' : '#ffffff',
        'stroke-width': 2 * contourWidth,
        'stroke-opacity': 0.7
      }),
      element('path', { ...line, class: 'contour', stroke: hex(core), 'stroke-width': contourWidth })
    ]
  })
}

const lineColour = '#6cb2f0'

/** A line with a dark rim, so that it is seen on any grey. */
function rimmed(d: string, stroke: string, width: number, more: Attributes = {}): Drawn {
  return element(
    'g',
    more,
    element('path', { d, fill: 'none', stroke: '#000000', 'stroke-width': width + 0.8, 'stroke-opacity': 0.5 }),
    element('path', { d, fill: 'none', stroke, 'stroke-width': width })
  )
}

function regionFrame(region: NonNullable<SlicePanel['marks']['region']>, ofVoxel: (point: XYZ) => Point): Drawn {
  const low = ofVoxel({ x: region.x[0], y: region.y[0], z: region.z[0] })
  const high = ofVoxel({ x: region.x[1], y: region.y[1], z: region.z[1] })
  const d = `M${short(low.x)} ${short(low.y)}H${short(high.x)}V${short(high.y)}H${short(low.x)}Z`
  return rimmed(d, lineColour, 0.7, { class: 'region' })
}

function crosshairLines({ x, y }: Point, { width, height }: Rectangle): Drawn {
  const gap = 4
  const d = `M0 ${short(y)}H${short(Math.max(0, x - gap))}M${short(x + gap)} ${short(y)}H${short(width)}M${short(x)} 0V${short(Math.max(0, y - gap))}M${short(x)} ${short(y + gap)}V${short(height)}`
  return rimmed(d, lineColour, 0.5, { class: 'crosshair' })
}

function distanceMark(
  segment: { from: XYZ; to: XYZ },
  { normal, index, voxelSizeAngstrom }: ShownSlice,
  ofVoxel: (point: XYZ) => Point,
  drawing: PanelDrawing
): Drawn[] {
  const [a, b] = [ofVoxel(segment.from), ofVoxel(segment.to)]
  const inSlice = Math.floor(segment.from[normal]) === index && Math.floor(segment.to[normal]) === index
  const line = { x1: a.x, y1: a.y, x2: b.x, y2: b.y }
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const along = { x: (b.x - a.x) / length, y: (b.y - a.y) / length }
  const away = (5 + 8 * Math.abs(along.y)) * drawing.type.scale * (b.x >= a.x ? 1 : -1)
  const label = formatDistance(lengthOf(segment, voxelSizeAngstrom))
  const dashes: Attributes = inSlice ? {} : { 'stroke-dasharray': '3 2' }
  return [
    element('line', { ...line, stroke: '#000000', 'stroke-width': 1.6 }),
    element('line', { ...line, class: 'distance', stroke: '#ffd479', 'stroke-width': 0.8, ...dashes }),
    rimmedText(label, (a.x + b.x) / 2 + along.y * away, (a.y + b.y) / 2 - along.x * away, drawing, 'middle')
  ]
}

/** Which of two is where: A to the left, B to the right of a swipe, or the one that is shown. */
function comparisonNames(
  { comparison }: SlicePanel,
  place: (right: number, up: number) => Point,
  { width, height }: Rectangle,
  drawing: PanelDrawing
): Drawn[] {
  if (comparison?.mode !== 'swipe' && comparison?.mode !== 'other') return []
  const y = 3 + drawing.type.label
  const [a, b] = comparison.names
  if (comparison.mode === 'other') return [rimmedText(b, 4, y, drawing, 'start')]
  const { x } = place(comparison.at, 0)
  const line = element('path', {
    class: 'swipe',
    d: `M${short(x)} 0V${short(height)}`,
    fill: 'none',
    stroke: '#ffffff',
    'stroke-width': 0.6
  })
  const shown = x > 0 && x < width ? [line] : []
  const names: Drawn[] = []
  if (x > 0) names.push(rimmedText(a, 4, y, drawing, 'start'))
  if (x < width) names.push(rimmedText(b, width - 4, y, drawing, 'end'))
  return [...shown, ...names]
}

/** Light letters with a dark rim. */
function rimmedText(content: string, x: number, y: number, { type }: PanelDrawing, anchor: string): Drawn {
  return text(content, {
    x,
    y,
    'text-anchor': anchor,
    'font-size': type.tick,
    'font-weight': 600,
    fill: '#ffffff',
    stroke: '#000000',
    'stroke-width': 1.2,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke'
  })
}

function meets(from: number, to: number, index: number): boolean {
  return Math.floor(Math.min(from, to)) <= index && index <= Math.floor(Math.max(from, to))
}

function middleOf({ x, y, z }: XYZ): XYZ {
  return { x: x + 0.5, y: y + 0.5, z: z + 0.5 }
}

function hex(bytes: readonly number[]): string {
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function short(length: number): number {
  return Number(length.toFixed(3))
}
