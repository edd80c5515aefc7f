import { scaleBar, type ScaleBar } from '../geometry/scaleBar.ts'
import type { Size } from './pictureScale.ts'

/** What is written on a frame, in pixels of the movie. */
export interface Annotations {
  /** Length of a pixel, for the bar; null: no bar. */
  scale: PictureScale | null
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

/** Where a bar lies, in whole pixels of the movie, from the top left. */
export interface BarPlace extends Pick<ScaleBar, 'label' | 'lengthAngstrom'> {
  x: number
  y: number
  width: number
  height: number
}

/** Text as high as a 36th of the picture, so that it reads alike at every size. */
export function fontPixels({ width, height }: Size): number {
  return Math.max(8, Math.round(Math.min(width * 0.75, height) / 36))
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

/** Writes a frame's bar and lines. The context may be scaled: a preview is the movie made smaller. */
export function drawAnnotations(context: CanvasRenderingContext2D, size: Size, annotations: Annotations): void {
  const { lines, scale, ink } = annotations
  const font = fontPixels(size)
  context.font = `500 ${font}px system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif`
  context.textBaseline = 'alphabetic'
  context.lineJoin = 'round'
  context.lineWidth = Math.max(2, font / 5)
  context.fillStyle = ink
  // A rim of the opposite keeps text readable on any grey.
  context.strokeStyle = ink === 'white' ? 'rgb(0 0 0 / 60%)' : 'rgb(255 255 255 / 60%)'
  const write = (text: string, y: number): void => {
    context.strokeText(text, font, y, size.width - 2 * font)
    context.fillText(text, font, y, size.width - 2 * font)
  }
  lines.forEach((line, i) => write(line, Math.round(font * (1.8 + 1.4 * i))))
  const bar = scale && barPlace(scale, size)
  if (!bar) return
  write(bar.label, bar.y - Math.round(font * 0.4))
  context.fillRect(bar.x, bar.y, bar.width, bar.height)
}
