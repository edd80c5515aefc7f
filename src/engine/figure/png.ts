import { join } from 'node:path'
import { renderAsync } from '@resvg/resvg-js'
import { WedgeviewError } from '../../shared/errors.ts'

/** Beyond this a figure takes gigabytes to draw; a 300 mm poster at 900 dpi is below it. */
const pixelLimit = 120e6

export const fontFiles = { regular: 'Inter-Regular.ttf', semiBold: 'Inter-SemiBold.ttf' } as const

/**
 * Draws a figure's SVG as a PNG file whose pHYs chunk says its true size.
 *
 * @param fontFolder holds the bundled fonts; the system's are never used, so that figures look alike everywhere
 * @throws WedgeviewError usage `figure-too-large`
 */
export async function figurePng(
  svg: string,
  size: { widthMm: number; heightMm: number; dpi: number },
  fontFolder: string,
  signal?: AbortSignal
): Promise<Uint8Array> {
  const width = Math.round((size.widthMm / 25.4) * size.dpi)
  const height = Math.round((size.heightMm / 25.4) * size.dpi)
  if (width * height > pixelLimit) {
    throw new WedgeviewError(
      'usage',
      'figure-too-large',
      `At ${size.dpi} dpi the figure would have ${width} x ${height} pixels; the limit is ${pixelLimit / 1e6} million.`,
      'Choose fewer dpi or a smaller width, or save as SVG.'
    )
  }
  const image = await renderAsync(
    svg,
    {
      fitTo: { mode: 'width', value: width },
      font: {
        loadSystemFonts: false,
        fontFiles: Object.values(fontFiles).map((file) => join(fontFolder, file)),
        defaultFontFamily: 'Inter'
      }
    },
    // resvg takes a signal once: a figure that is drawn twice needs two.
    signal ? AbortSignal.any([signal]) : null
  )
  return withResolution(image.asPng(), size.dpi)
}

/** Inserts a pHYs chunk after the header chunk (PNG specification, 11.3.4.3). */
export function withResolution(png: Uint8Array, dpi: number): Uint8Array {
  const pixelsPerMetre = Math.round(dpi / 0.0254)
  const chunk = new Uint8Array(21)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, 9)
  chunk.set([0x70, 0x48, 0x59, 0x73], 4)
  view.setUint32(8, pixelsPerMetre)
  view.setUint32(12, pixelsPerMetre)
  chunk[16] = 1
  view.setUint32(17, crc32(chunk.subarray(4, 17)))
  // The signature and IHDR take 8 + 25 bytes, always.
  const headEnd = 33
  const out = new Uint8Array(png.length + chunk.length)
  out.set(png.subarray(0, headEnd))
  out.set(chunk, headEnd)
  out.set(png.subarray(headEnd), headEnd + chunk.length)
  return out
}

/** CRC-32 of a short chunk (PNG specification, annex D), bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
