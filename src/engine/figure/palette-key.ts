import { binColour, binsInRow } from '../../shared/value-suppressing.ts'
import type { ColourMapName } from '../../shared/figure.ts'
import type { Contrast } from '../../shared/volumes.ts'
import type { Legend, Letters, PanelDrawing } from './drawn-panel.ts'
import type { Rectangle, TypeSizes } from './layout.ts'
import { element, text } from './svg.ts'
import type { Drawn } from './svg.ts'
import { drawnLines, linesHeight, linesWithin } from './text-lines.ts'

export interface PaletteKey {
  colourMap: ColourMapName
  rows: number
  /** `gamma` bends the values along the arc as it does in the picture. */
  value: Contrast & { gamma: number; quantity: string }
  spread: Contrast & { quantity: string }
}

/** Half of the opening, from the vertical. */
const opening = (42 * Math.PI) / 180
const innerRadius = 5

function outerRadius(width: number): number {
  return Math.min(62, 0.36 * width)
}

/**
 * The value-suppressing palette's key, a wedge as in the window: value around the arc, uncertainty towards the tip, where all values are one
 * grey. Each cell is one colour of the palette.
 */
export function paletteKeyLegend(key: PaletteKey): Legend {
  const words = [`arc: ${key.value.quantity}`, `side: ${key.spread.quantity}`]
  const linesOf = (width: number, letters: Letters): string[] =>
    words.flatMap((each) => linesWithin(each, width, letters.type.label, letters))
  return {
    height: (width, letters) =>
      keyHeight(width, letters.type) + linesHeight(linesOf(width, letters).length, letters.type.label),
    draw(frame, drawing) {
      const { type, ink } = drawing
      const y = frame.y + keyHeight(frame.width, type) + type.label
      const lines = drawnLines(linesOf(frame.width, drawing), y, type.label, {
        x: frame.x + frame.width / 2,
        'text-anchor': 'middle',
        fill: ink.text
      })
      return element('g', { class: 'palette-key' }, ...paletteKeyParts(frame, key, drawing), ...lines)
    }
  }
}

/** With the labels above the arc and beside the tip. */
function keyHeight(width: number, type: TypeSizes): number {
  return outerRadius(width) - innerRadius * Math.cos(opening) + arcRoom(type) + 1.3 * type.tick
}

/** For the ticks' labels above the arc. */
const arcRoom = (type: TypeSizes): number => type.tick + 6

function paletteKeyParts(
  frame: Rectangle,
  { colourMap, rows, value, spread }: PaletteKey,
  drawing: PanelDrawing
): Drawn[] {
  const { ink, type } = drawing
  const outer = outerRadius(frame.width)
  const apex = { x: frame.x + frame.width / 2, y: frame.y + arcRoom(type) + outer }
  const at = (share: number, radius: number): { x: number; y: number } => {
    const angle = (2 * share - 1) * opening
    return { x: apex.x + radius * Math.sin(angle), y: apex.y - radius * Math.cos(angle) }
  }
  const radiusOf = (row: number): number => outer - (row * (outer - innerRadius)) / rows
  const cells: Drawn[] = []
  for (let row = 0; row < rows; row++) {
    const bins = binsInRow(row, rows)
    for (let bin = 0; bin < bins; bin++) {
      const colour = binColour(colourMap, bin, row, rows).map((part) => Math.round(part).toString(16).padStart(2, '0'))
      cells.push(
        element('path', {
          class: 'palette-cell',
          d: sectorPath(at, [bin / bins, (bin + 1) / bins], [radiusOf(row), radiusOf(row + 1)]),
          fill: `#${colour.join('')}`
        })
      )
    }
  }
  const tick = (x: number, y: number, content: string, anchor: string): Drawn =>
    text(content, { x, y, 'text-anchor': anchor, 'font-size': type.tick, fill: ink.text })
  const valueTicks = [0, 0.5, 1].map((share) => {
    const place = at(share, outer + 4)
    const anchor = share === 0 ? 'end' : share === 1 ? 'start' : 'middle'
    return tick(place.x, place.y, short(value.low + share ** value.gamma * (value.high - value.low)), anchor)
  })
  const spreadTicks = Array.from({ length: rows + 1 }, (_, row) => {
    const place = at(1, radiusOf(row))
    return tick(
      place.x + 5,
      place.y + type.tick,
      short(spread.low + (row / rows) * (spread.high - spread.low)),
      'start'
    )
  })
  return [...cells, ...valueTicks, ...spreadTicks.filter((_, row) => row % Math.ceil(rows / 3) === 0 || row === rows)]
}

/** A cell's outline; arcs are drawn as chords a few degrees long, which any reader of paths understands. */
function sectorPath(
  at: (share: number, radius: number) => { x: number; y: number },
  [from, to]: readonly [number, number],
  [outer, inner]: readonly [number, number]
): string {
  const steps = Math.max(2, Math.ceil((to - from) * 24))
  const arc = (radius: number): { x: number; y: number }[] =>
    Array.from({ length: steps + 1 }, (_, i) => at(from + ((to - from) * i) / steps, radius))
  const points = [...arc(outer), ...arc(inner).reverse()]
  return `${points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(3)} ${y.toFixed(3)}`).join('')}Z`
}

/** Three digits are what a tick can be read to. */
function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−')
}
