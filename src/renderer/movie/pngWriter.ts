import { Zip, ZipPassThrough } from 'fflate'
import { WedgeviewError } from '../../shared/errors.ts'
import type { MovieWriter, WriterOptions } from './movieWriter.ts'

/** ZIP counts in 32 bits. */
const limitBytes = 2 ** 32 - 1

/** Every frame as a PNG of its own, without loss, in a ZIP archive: frame-0001.png, … */
export function pngWriter({ frames, canvas, file }: WriterOptions): MovieWriter {
  const digits = Math.max(4, String(frames).length)
  let written = Promise.resolve()
  let bytes = 0
  const zip = new Zip((error, data) => {
    if (error) {
      written = written.then(() => Promise.reject(error))
      return
    }
    bytes += data.byteLength
    written = written.then(() => file.write(data))
  })
  let added = 0
  return {
    add: async () => {
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
      if (!blob) throw new Error('The browser made no PNG of a frame.')
      if (bytes + blob.size > limitBytes * 0.99) throw tooLarge()
      added++
      // PNGs are compressed already.
      const entry = new ZipPassThrough(`frame-${String(added).padStart(digits, '0')}.png`)
      zip.add(entry)
      entry.push(new Uint8Array(await blob.arrayBuffer()), true)
      await written
    },
    end: async () => {
      zip.end()
      await written
    },
    cancel: () => {
      zip.terminate()
      return written.catch(() => undefined)
    }
  }
}

function tooLarge(): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'movie-too-large',
    'The PNG frames grew beyond the 4 GiB that a ZIP archive can hold.',
    'Choose fewer frames or a smaller size.'
  )
}
