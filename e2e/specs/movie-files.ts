import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { decode } from 'fast-png'
import { unzipSync } from 'fflate'
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny'
import { GifReader } from 'omggif'

/** Movies as other programs read them: pixels of every frame, red, green and blue from the top left. */
export interface ReadMovie {
  width: number
  height: number
  /** Seconds that each frame is shown. */
  durations: number[]
  frames: ((x: number, y: number) => [number, number, number])[]
}

/** PNG frames in an archive, in the order of their names. */
export async function readPngFrames(path: string): Promise<Omit<ReadMovie, 'durations'> & { names: string[] }> {
  const files = unzipSync(await readFile(path))
  const names = Object.keys(files).sort()
  const pictures = names.map((name) => decode(files[name]))
  const [{ width, height }] = pictures
  const frames = pictures.map(({ data, channels }) => pixelReader(data, width, channels))
  return { width, height, names, frames }
}

export async function readGif(path: string): Promise<ReadMovie> {
  const reader = new GifReader(await readFile(path))
  const { width, height } = reader
  const count = reader.numFrames()
  const frames = Array.from({ length: count }, (_, i) => {
    const pixels = new Uint8Array(width * height * 4)
    reader.decodeAndBlitFrameRGBA(i, pixels)
    return pixelReader(pixels, width, 4)
  })
  const durations = Array.from({ length: count }, (_, i) => reader.frameInfo(i).delay / 100)
  return { width, height, durations, frames }
}

/** Demuxed here, decoded by the browser's own decoder. */
export async function readVideo(path: string, page: Page): Promise<ReadMovie & { codec: string }> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS })
  const track = await input.getPrimaryVideoTrack()
  const config = await track?.getDecoderConfig()
  if (!track || !config) throw new Error(`${path} holds no video`)
  const sink = new EncodedPacketSink(track)
  const packets: { type: 'key' | 'delta'; microseconds: number; duration: number; data: string }[] = []
  for await (const { type, timestamp, duration, data } of sink.packets())
    packets.push({ type, microseconds: timestamp * 1e6, duration, data: Buffer.from(data).toString('base64') })
  const description = config.description && Buffer.from(bytesOf(config.description)).toString('base64')
  const decoded = await page.evaluate(
    async ({ codec, width, height, description, packets }) => {
      const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      const context = canvas.getContext('2d', { willReadFrequently: true })
      const pictures: { at: number; pixels: number[] }[] = []
      let failure: string | null = null
      const decoder = new VideoDecoder({
        output: (frame) => {
          context?.drawImage(frame, 0, 0)
          const pixels = [...(context?.getImageData(0, 0, width, height).data ?? [])]
          pictures.push({ at: frame.timestamp, pixels })
          frame.close()
        },
        error: (error) => (failure = error.message)
      })
      decoder.configure({
        codec,
        codedWidth: width,
        codedHeight: height,
        ...(description && { description: bytes(description) })
      })
      for (const { type, microseconds, data } of packets)
        decoder.decode(new EncodedVideoChunk({ type, timestamp: microseconds, data: bytes(data) }))
      await decoder.flush()
      if (failure !== null) throw new Error(failure)
      return pictures.sort((a, b) => a.at - b.at).map(({ pixels }) => pixels)
    },
    { codec: config.codec, width: track.codedWidth, height: track.codedHeight, description, packets }
  )
  const { codedWidth: width, codedHeight: height } = track
  const durations = packets.map(({ duration }) => duration)
  return { width, height, durations, codec: config.codec, frames: decoded.map((data) => pixelReader(data, width, 4)) }
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}

function pixelReader(data: ArrayLike<number>, width: number, channels: number): ReadMovie['frames'][number] {
  return (x, y) => {
    const from = (Math.round(y) * width + Math.round(x)) * channels
    return channels < 3 ? [data[from], data[from], data[from]] : [data[from], data[from + 1], data[from + 2]]
  }
}
