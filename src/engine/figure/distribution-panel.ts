import type { XYZ } from '../../shared/axes.ts'
import type { DistributionPanel } from '../../shared/figure.ts'
import { colourBarScale } from './colour-bar.ts'
import type { DrawnPanel, Legend, Letters, PanelDrawing } from './drawn-panel.ts'
import type { FigureSource } from './figure-svg.ts'
import type { Rectangle } from './layout.ts'
import { element, text } from './svg.ts'
import type { Drawn } from './svg.ts'

/** Half-width of a Gaussian's central 90 % in SDs. */
const ninetyPercent = 1.6448536269514722

/** What is known at a voxel; null where a map is missing or holds no number. */
export interface VoxelValues {
  members: (number | null)[]
  mean: number | null
  sd: number | null
  map: number | null
  raw: number | null
}

/** @throws WedgeviewError `roi-outside`, and what opening and reading throws */
export async function voxelValues(panel: DistributionPanel, source: FigureSource): Promise<VoxelValues> {
  const valueOf = async (name: string | null, { x, y, z }: XYZ): Promise<number | null> => {
    if (name === null) return null
    const { volume } = await source.resolve(name)
    const [value] = await volume.readBox({ x: [x, x + 1], y: [y, y + 1], z: [z, z + 1] }, { signal: source.signal })
    return Number.isFinite(value) ? value : null
  }
  const members: (number | null)[] = []
  for (const member of panel.members) members.push(await valueOf(member, panel.voxel))
  return {
    members,
    mean: await valueOf(panel.mean, panel.voxel),
    sd: await valueOf(panel.std, panel.voxel),
    map: panel.map && (await valueOf(panel.map.volume, panel.map.voxel)),
    raw: panel.raw && (await valueOf(panel.raw.volume, panel.raw.voxel))
  }
}

/** The members' values at a voxel as dots, one above the other where they are alike, with mean, central 90 %, MAP and raw value marked. */
export async function readDistributionPanel(panel: DistributionPanel, source: FigureSource): Promise<DrawnPanel> {
  const values = await voxelValues(panel, source)
  return {
    title: panel.title,
    heightAt: (_, type) => 44 + 2.6 * type.tick,
    legends: [marksLegend(values)],
    async draw(frame, drawing) {
      return [element('g', { class: 'distribution' }, ...plotDrawn(frame, panel, values, drawing))]
    }
  }
}

const dot = 3.2
const marks = { mean: '#1f6fb5', map: '#b85c00', raw: '#7a7a7a' } as const

function plotDrawn(frame: Rectangle, panel: DistributionPanel, values: VoxelValues, drawing: PanelDrawing): Drawn[] {
  const { ink, type } = drawing
  const { mean, sd } = values
  const interval = mean !== null && sd !== null ? [mean - ninetyPercent * sd, mean + ninetyPercent * sd] : []
  const members = values.members.filter((value): value is number => value !== null)
  const known = [...members, ...interval, mean, values.map, values.raw].filter(
    (value): value is number => value !== null
  )
  if (known.length === 0) return []
  const air = (Math.max(...known) - Math.min(...known)) * 0.06 || Math.abs(known[0]) * 0.01 || 1
  const range = { low: Math.min(...known) - air, high: Math.max(...known) + air }
  const base = frame.y + 42
  const x = (value: number): number => frame.x + ((value - range.low) / (range.high - range.low)) * frame.width
  const parts: Drawn[] = []
  if (interval.length === 2)
    parts.push(
      element('rect', {
        class: 'interval',
        x: x(interval[0]),
        y: frame.y,
        width: x(interval[1]) - x(interval[0]),
        height: base - frame.y,
        fill: marks.mean,
        'fill-opacity': 0.15
      })
    )
  parts.push(
    element('line', {
      x1: frame.x,
      x2: frame.x + frame.width,
      y1: base,
      y2: base,
      stroke: ink.text,
      'stroke-width': 0.5
    })
  )
  for (const name of ['raw', 'map', 'mean'] as const) {
    const value = values[name]
    if (value === null) continue
    const line = { x1: x(value), x2: x(value), y1: frame.y, y2: base, stroke: marks[name], 'stroke-width': 0.9 }
    parts.push(element('line', { class: name, ...line }))
  }
  const levels = new Map<number, number>()
  for (const value of members) {
    const column = Math.round(x(value) / dot)
    const level = levels.get(column) ?? 0
    levels.set(column, level + 1)
    parts.push(disc(x(value), Math.max(frame.y + dot / 2, base - dot / 2 - 0.6 - level * dot), ink.text))
  }
  const label = { 'font-size': type.tick, fill: ink.text, 'text-anchor': 'middle' }
  for (const { share, label: name } of colourBarScale(range, panel.quantity, 5).ticks) {
    const at = frame.x + share * frame.width
    parts.push(element('line', { x1: at, x2: at, y1: base, y2: base + 2, stroke: ink.text, 'stroke-width': 0.5 }))
    parts.push(text(name, { ...label, x: at, y: base + 2.5 + type.tick }))
  }
  const { quantity } = colourBarScale(range, panel.quantity, 5)
  parts.push(text(quantity, { ...label, x: frame.x + frame.width / 2, y: base + 2.5 + 2.15 * type.tick }))
  return parts
}

/** A disc as a path: four arcs as cubic curves, to a thousandth of the radius. */
function disc(x: number, y: number, fill: string): Drawn {
  const r = dot / 2 - 0.3
  const c = r * 0.5523
  const at = (dx: number, dy: number): string => `${(x + dx).toFixed(3)} ${(y + dy).toFixed(3)}`
  const d = `M${at(r, 0)}C${at(r, c)} ${at(c, r)} ${at(0, r)}C${at(-c, r)} ${at(-r, c)} ${at(-r, 0)}C${at(-r, -c)} ${at(-c, -r)} ${at(0, -r)}C${at(c, -r)} ${at(r, -c)} ${at(r, 0)}Z`
  return element('path', { class: 'member', d, fill })
}

function marksLegend({ members, mean, map, raw }: VoxelValues): Legend {
  const entries: [keyof typeof marks | null, string][] = []
  if (mean !== null) entries.push(['mean', 'mean, central 90 %'])
  if (map !== null) entries.push(['map', 'MAP'])
  if (raw !== null) entries.push(['raw', 'tomogram'])
  entries.push([null, `dots: ${members.length} members`])
  const height = (_: number, { type }: Letters): number => entries.length * 1.35 * type.tick
  return {
    height,
    draw(frame, { ink, type }) {
      const y = (i: number): number => frame.y + (1 + i * 1.35) * type.tick
      return element(
        'g',
        { class: 'marks-names' },
        ...entries.flatMap(([mark, name], i) => [
          ...(mark
            ? [
                element('line', {
                  x1: frame.x + 5,
                  x2: frame.x + 5,
                  y1: y(i) - 0.8 * type.tick,
                  y2: y(i),
                  stroke: marks[mark],
                  'stroke-width': 0.9
                })
              ]
            : []),
          text(name, { x: frame.x + 14, y: y(i), 'font-size': type.tick, fill: ink.text })
        ])
      )
    }
  }
}
