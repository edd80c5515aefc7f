import type { FigureSpec } from '../../shared/figure.ts'
import { wrapText } from './wrap-text.ts'
import type { FontMetrics } from './font-metrics.ts'

/** All lengths in points (1/72 inch), y downwards. Type sizes are those journals ask for: 5 to 8 points. */
export const pointsPerMm = 72 / 25.4

export const type = { label: 7, tick: 6, letter: 9, caption: 7 } as const

const margin = 4
const columnGap = 10
const rowGap = 12
const headingHeight = 13
/** From the top of a colour bar to the foot of its quantity. */
export const colourBarHeight = 25
const colourBarGap = 5
const captionGap = 8
export const captionLine = 9.5

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export interface PanelFrame {
  image: Rectangle
  /** Baseline of the heading; null where there is none. */
  headingY: number | null
  /** One for each colour bar of the panel, below the image. */
  colourBars: Rectangle[]
}

export interface FigureLayout {
  width: number
  height: number
  panels: PanelFrame[]
  caption: { x: number; lines: { y: number; text: string }[] }
}

/** What a panel needs room for. */
export interface PanelExtent {
  /** Height of the slice over its width, in real lengths. */
  heightOverWidth: number
  heading: boolean
  colourBars: number
}

/** Panels in rows of `columns`, all of one width; a row is as high as its highest panel. The caption spans the figure. */
export function layOut(spec: FigureSpec, extents: readonly PanelExtent[], captionFont: FontMetrics): FigureLayout {
  const width = spec.widthMm * pointsPerMm
  const columns = Math.min(spec.columns, extents.length)
  const panelWidth = (width - 2 * margin - (columns - 1) * columnGap) / columns
  const panels: PanelFrame[] = []
  let y = margin
  for (let first = 0; first < extents.length; first += columns) {
    const row = extents.slice(first, first + columns)
    const heading = row.some((extent) => extent.heading) ? headingHeight : 0
    const frames = row.map((extent, column) =>
      frame(extent, margin + column * (panelWidth + columnGap), y, panelWidth, heading)
    )
    panels.push(...frames)
    y = Math.max(...frames.map(footOf)) + rowGap
  }
  y -= rowGap
  const lines =
    spec.caption.trim() === '' ? [] : wrapText(spec.caption, (width - 2 * margin) / type.caption, captionFont)
  const captionTop = y + captionGap + type.caption
  const caption = { x: margin, lines: lines.map((text, i) => ({ y: captionTop + i * captionLine, text })) }
  const foot = lines.length === 0 ? y : captionTop + (lines.length - 1) * captionLine + 0.3 * type.caption
  return { width, height: foot + margin, panels, caption }
}

function frame(
  { heightOverWidth, colourBars }: PanelExtent,
  x: number,
  y: number,
  width: number,
  heading: number
): PanelFrame {
  const image = { x, y: y + heading, width, height: width * heightOverWidth }
  const barTop = image.y + image.height + colourBarGap
  return {
    image,
    headingY: heading === 0 ? null : y + type.letter,
    colourBars: Array.from({ length: colourBars }, (_, i) => ({
      x,
      y: barTop + i * (colourBarHeight + colourBarGap),
      width,
      height: colourBarHeight
    }))
  }
}

function footOf({ image, colourBars }: PanelFrame): number {
  const last = colourBars.at(-1) ?? image
  return last.y + last.height
}
