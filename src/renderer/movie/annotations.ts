import { colourTable } from '../../shared/colour-maps.ts'
import type { ColourMapName } from '../../shared/figure.ts'
import { scaleBar, type ScaleBar } from '../geometry/scaleBar.ts'
import { formatForField } from '../numbers/format.ts'
import { drawGlyphs, fontFamily, type FrameGlyphs } from './drawnGlyphs.ts'
import { fontPixels, type Size } from './pictureScale.ts'

/** What is written on a frame, in pixels of the movie. */
export interface Annotations {
  /** Length of a pixel, for the bar; null: no bar. */
  scale: PictureScale | null
  legend: ColourLegend | null
  glyphs: FrameGlyphs
  /** Lines from the top. */
  lines: readonly string[]
  /** CSS colour of text and bar; what surrounds them is its opposite. */
  ink: 'white' | 'black'
}

export interface PictureScale {
  voxelsPerPixel: number
  /** Null where the voxel size is unknown. */
  angstromPerPixel: number | null
  /** Perspective: true at the depth of the view's middle only. */
  inMiddle: boolean
}

/** A colour bar: what its colours mean, from the first to the last. */
export interface ColourLegend {
  quantity: string
  low: number
  high: number
  colours: ColourMapName
}

/** Where a bar lies, in whole pixels of the movie, from the top left. */
export interface BarPlace extends Pick<ScaleBar, 'label' | 'lengthAngstrom'> {
  x: number
  y: number
  width: number
  height: number
}

/** The bar at the bottom left; its length is that of its label to half a pixel. Null where none fits. */
export function barPlace(scale: PictureScale, size: Size): BarPlace | null {
  const font = fontPixels(size)
  const bar = scaleBar(scale.angstromPerPixel, scale.voxelsPerPixel, Math.min(size.width * 0.25, font * 14))
  if (!bar) return null
  const height = Math.max(2, Math.round(font / 4))
  return {
    label: scale.inMiddle ? `${bar.label} at the middle` : bar.label,
    lengthAngstrom: bar.lengthAngstrom,
    x: font,
    y: size.height - font - height,
    width: Math.round(bar.pixels),
    height
  }
}

/** Writes all that is to be written on a frame. The context may be scaled: a preview is the movie made smaller. */
export function drawAnnotations(context: CanvasRenderingContext2D, size: Size, annotations: Annotations): void {
  const { lines, scale, legend, glyphs, ink } = annotations
  const font = fontPixels(size)
  context.font = `500 ${font}px ${fontFamily}`
  context.textBaseline = 'alphabetic'
  context.lineJoin = 'round'
  context.lineCap = 'round'
  context.lineWidth = Math.max(2, font / 5)
  context.fillStyle = ink
  // A rim of the opposite keeps text readable on any grey.
  context.strokeStyle = ink === 'white' ? 'rgb(0 0 0 / 60%)' : 'rgb(255 255 255 / 60%)'
  const pen = { context, font, size, ink }
  context.save()
  drawGlyphs(pen, glyphs, legend ? Math.round(font * 4.5) : 0)
  context.restore()
  lines.forEach((line, i) => write(pen, line, font, Math.round(font * (1.8 + 1.4 * i)), 'left'))
  const bar = scale && barPlace(scale, size)
  if (bar) {
    write(pen, bar.label, bar.x, bar.y - Math.round(font * 0.4), 'left')
    context.fillRect(bar.x, bar.y, bar.width, bar.height)
  }
  if (legend) drawLegend(pen, legend)
}

interface Pen {
  context: CanvasRenderingContext2D
  font: number
  size: Size
  ink: Annotations['ink']
}

function write({ context, font, size }: Pen, text: string, x: number, y: number, align: CanvasTextAlign): void {
  context.textAlign = align
  const room = size.width - 2 * font
  context.strokeText(text, x, y, room)
  context.fillText(text, x, y, room)
}

/** At the bottom right: the quantity, its colours, and what the first and the last of them mean. */
function drawLegend(pen: Pen, { quantity, low, high, colours }: ColourLegend): void {
  const { context, font, size } = pen
  const width = Math.round(Math.min(font * 10, size.width * 0.3))
  const height = Math.max(3, Math.round(font * 0.6))
  const x = size.width - font - width
  const y = size.height - Math.round(font * 2.3) - height
  const table = colourTable(colours)
  for (let i = 0; i < width; i++) {
    const from = Math.round((i / Math.max(1, width - 1)) * 255) * 4
    context.fillStyle = `rgb(${table[from]} ${table[from + 1]} ${table[from + 2]})`
    context.fillRect(x + i, y, 1, height)
  }
  context.fillStyle = pen.ink
  write(pen, quantity, x + width, y - Math.round(font * 0.4), 'right')
  const below = size.height - font
  write(pen, formatForField(low), x, below, 'left')
  write(pen, formatForField(high), x + width, below, 'right')
}
