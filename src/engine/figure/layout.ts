import type { FigureSpec } from '../../shared/figure.ts'
import { wrapText } from './wrap-text.ts'
import type { FontMetrics } from './font-metrics.ts'

/** All lengths in points (1/72 inch), y downwards. */
export const pointsPerMm = 72 / 25.4

/** Sizes of letters; journals ask for 5 to 8 points. What holds letters grows with them, by `scale`. */
export interface TypeSizes {
  label: number
  tick: number
  letter: number
  caption: number
  scale: number
}

export function typeSizes(fontSizePt: number): TypeSizes {
  const scale = fontSizePt / 7
  return { label: 7 * scale, tick: 6 * scale, letter: 9 * scale, caption: 7 * scale, scale }
}

const margin = 4
const columnGap = 10
const rowGap = 12
const headingHeight = 13
const legendGap = 5
const captionGap = 8
const captionLine = 9.5

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
  /** One for each legend of the panel, below the image. */
  legends: Rectangle[]
}

export interface FigureLayout {
  width: number
  height: number
  panels: PanelFrame[]
  caption: { x: number; lines: { y: number; text: string }[] }
}

/** What a panel needs room for. */
export interface PanelExtent {
  /** Height of what is drawn, at a width. */
  heightAt(width: number): number
  heading: boolean
  /** Heights of colour bars and keys. */
  legends: readonly number[]
}

/** In points, of each of a figure's panels. */
export function panelWidthOf(
  { widthMm, columns: most }: Pick<FigureSpec, 'widthMm' | 'columns'>,
  panels: number
): number {
  const columns = Math.min(most, panels)
  return (widthMm * pointsPerMm - 2 * margin - (columns - 1) * columnGap) / columns
}

/** Panels in rows of `columns`, all of one width; a row is as high as its highest panel. The caption spans the figure. */
export function layOut(
  spec: Pick<FigureSpec, 'widthMm' | 'columns' | 'caption'>,
  extents: readonly PanelExtent[],
  captionFont: FontMetrics,
  type: TypeSizes
): FigureLayout {
  const width = spec.widthMm * pointsPerMm
  const columns = Math.min(spec.columns, extents.length)
  const panelWidth = panelWidthOf(spec, extents.length)
  const panels: PanelFrame[] = []
  let y = margin
  for (let first = 0; first < extents.length; first += columns) {
    const row = extents.slice(first, first + columns)
    const heading = row.some((extent) => extent.heading) ? headingHeight * type.scale : 0
    const frames = row.map((extent, column) =>
      frame(extent, { x: margin + column * (panelWidth + columnGap), y, width: panelWidth, heading }, type)
    )
    panels.push(...frames)
    y = Math.max(...frames.map(footOf)) + rowGap
  }
  y -= rowGap
  const lines =
    spec.caption.trim() === '' ? [] : wrapText(spec.caption, (width - 2 * margin) / type.caption, captionFont)
  const captionTop = y + captionGap + type.caption
  const lineHeight = captionLine * type.scale
  const caption = { x: margin, lines: lines.map((text, i) => ({ y: captionTop + i * lineHeight, text })) }
  const foot = lines.length === 0 ? y : captionTop + (lines.length - 1) * lineHeight + 0.3 * type.caption
  return { width, height: foot + margin, panels, caption }
}

function frame(
  { heightAt, legends }: PanelExtent,
  { x, y, width, heading }: { x: number; y: number; width: number; heading: number },
  type: TypeSizes
): PanelFrame {
  const image = { x, y: y + heading, width, height: heightAt(width) }
  const rectangles: Rectangle[] = []
  let top = image.y + image.height + legendGap
  for (const height of legends) {
    rectangles.push({ x, y: top, width, height })
    top += height + legendGap
  }
  return { image, headingY: heading === 0 ? null : y + type.letter, legends: rectangles }
}

function footOf({ image, legends }: PanelFrame): number {
  const last = legends.at(-1) ?? image
  return last.y + last.height
}
