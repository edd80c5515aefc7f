import { applyPalette, GIFEncoder, quantize } from 'gifenc'
import type { MovieWriter, WriterOptions } from './movieWriter.ts'

const colours = 256

/** GIF: at most 256 colours a frame, kept exactly where there are no more, as in every picture in grey. */
export function gifWriter({ spec, canvas, file }: WriterOptions): MovieWriter {
  const { width, height } = canvas
  const context = canvas.getContext('2d')
  if (!context) throw new Error('The movie’s canvas holds no 2-D picture.')
  const encoder = GIFEncoder({ auto: false })
  const flush = async (): Promise<void> => {
    // A copy: the encoder goes on in the same memory.
    const bytes = encoder.bytes()
    encoder.reset()
    await file.write(bytes)
  }
  let added = 0
  return {
    add: async () => {
      const { data } = context.getImageData(0, 0, width, height)
      const { palette, indices } = paletted(data)
      if (added === 0) encoder.writeHeader()
      const delay = delayOf(added, spec.framesPerSecond) * 10
      encoder.writeFrame(indices, width, height, { palette, delay, first: added === 0, repeat: 0 })
      added++
      await flush()
    },
    end: async () => {
      encoder.finish()
      await flush()
    },
    cancel: () => Promise.resolve()
  }
}

/** A frame's time in hundredths of a second, GIF's unit: rounded so that the whole is as long as it should be. */
export function delayOf(frame: number, framesPerSecond: number): number {
  const until = (frames: number): number => Math.round((frames * 100) / framesPerSecond)
  return until(frame + 1) - until(frame)
}

interface Paletted {
  palette: number[][]
  indices: Uint8Array
}

/** RGBA as indices into a palette: exact where the picture has at most 256 colours. */
export function paletted(rgba: Uint8ClampedArray): Paletted {
  return exactlyPaletted(rgba) ?? approximatelyPaletted(rgba)
}

function exactlyPaletted(rgba: Uint8ClampedArray): Paletted | null {
  const indexOf = new Map<number, number>()
  const palette: number[][] = []
  const indices = new Uint8Array(rgba.length / 4)
  for (let i = 0; i < indices.length; i++) {
    const [r, g, b] = [rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]]
    const key = (r << 16) | (g << 8) | b
    let index = indexOf.get(key)
    if (index === undefined) {
      if (palette.length === colours) return null
      index = palette.push([r, g, b]) - 1
      indexOf.set(key, index)
    }
    indices[i] = index
  }
  return { palette, indices }
}

function approximatelyPaletted(rgba: Uint8ClampedArray): Paletted {
  const palette = quantize(rgba, colours)
  return { palette, indices: applyPalette(rgba, palette) }
}
