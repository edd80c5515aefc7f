import { colourIndex, colourTable } from '../../shared/colour-maps.ts'
import type { ColourMapName } from '../../shared/figure.ts'
import type { Contrast } from '../../shared/volumes.ts'
import { colourBarScale } from './colour-bar.ts'
import type { Ink, Legend, PanelDrawing } from './drawn-panel.ts'
import type { Rectangle } from './layout.ts'
import { element, text } from './svg.ts'
import type { Drawn } from './svg.ts'
import { linesWithin } from './text-lines.ts'

export interface ColourBar {
  id: string
  colourMap: ColourMapName
  range: Contrast
  /** Of the contrast: colours stand where values take them. */
  gamma?: number
  quantity: string
  /** Values below are not drawn in the image; null where all are. */
  threshold: number | null
  /** Values at which lines are drawn. */
  contours?: readonly number[]
}

const gradientHeight = 5

/** The map's 256 colours over the range, ticks and the quantity with its unit. */
/** A bar as a panel's legend. */
export function colourBarLegend(bar: ColourBar): Legend {
  return {
    height(width, { type, font }) {
      const { quantity } = colourBarScale(bar.range, bar.quantity, 2)
      const further = linesWithin(quantity, width, type.label, { font }).length - 1
      return 25 * type.scale + Math.max(0, further) * 1.25 * type.label
    },
    draw: (frame, drawing) => colourBarSvg(frame, bar, drawing)
  }
}

function colourBarSvg(frame: Rectangle, bar: ColourBar, { ink, font, type }: PanelDrawing): Drawn {
  const { x, y, width } = frame
  const scale = colourBarScale(bar.range, bar.quantity, Math.max(2, Math.min(6, Math.floor(width / (28 * type.scale)))))
  const below = bar.threshold === null ? 0 : thresholdShare(bar.range, bar.threshold)
  const ticks = scale.ticks.flatMap(({ share, label }) => {
    const at = x + share * width
    // Labels at the ends stay inside the bar, where no neighbour can hide them.
    const half = (font.width(label) * type.tick) / 2
    const labelAt = Math.min(Math.max(at, x + half), x + width - half)
    return [
      element('line', {
        x1: at,
        x2: at,
        y1: y + gradientHeight,
        y2: y + gradientHeight + 2,
        stroke: ink.text,
        'stroke-width': 0.5
      }),
      text(label, {
        x: labelAt,
        y: y + gradientHeight + 8.2 * type.scale,
        'text-anchor': 'middle',
        'font-size': type.tick,
        fill: ink.text
      })
    ]
  })
  return element(
    'g',
    { class: 'colour-bar' },
    element('defs', {}, element('linearGradient', { id: bar.id, x1: 0, x2: 1, y1: 0, y2: 0 }, ...stops(bar))),
    element('rect', { x, y, width, height: gradientHeight, fill: `url(#${bar.id})` }),
    element('rect', { x, y, width: below * width, height: gradientHeight, fill: ink.background, 'fill-opacity': 0.8 }),
    element('rect', { x, y, width, height: gradientHeight, fill: 'none', stroke: ink.text, 'stroke-width': 0.4 }),
    ...contourTicks(frame, bar, ink),
    ...ticks,
    ...linesWithin(scale.quantity, width, type.label, { font }).map((line, i) =>
      text(line, {
        x: x + width / 2,
        y: y + gradientHeight + 17 * type.scale + i * 1.25 * type.label,
        'text-anchor': 'middle',
        'font-size': type.label,
        fill: ink.text
      })
    )
  )
}

/** A line through the bar at each contour's value. */
function contourTicks({ x, y, width }: Rectangle, { contours = [], range }: ColourBar, ink: Ink): Drawn[] {
  return contours
    .map((level) => (level - range.low) / (range.high - range.low))
    .filter((share) => share >= 0 && share <= 1)
    .flatMap((share) => {
      const at = { x1: x + share * width, x2: x + share * width, y1: y - 1, y2: y + gradientHeight + 1 }
      return [
        element('line', { ...at, stroke: ink.background, 'stroke-width': 1.6 }),
        element('line', { ...at, class: 'contour-tick', stroke: ink.text, 'stroke-width': 0.7 })
      ]
    })
}

function thresholdShare({ low, high }: Contrast, threshold: number): number {
  return high > low ? Math.min(1, Math.max(0, (threshold - low) / (high - low))) : 0
}

function stops({ colourMap, gamma = 1 }: ColourBar): Drawn[] {
  const table = colourTable(colourMap)
  return Array.from({ length: 256 }, (_, i) => {
    const at = colourIndex(gamma === 1 ? i / 255 : (i / 255) ** (1 / gamma)) * 4
    const colour = [...table.subarray(at, at + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')
    return element('stop', { offset: i / 255, 'stop-color': `#${colour}` })
  })
}
