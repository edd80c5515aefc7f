import { canEncodeVideo, type VideoCodec } from 'mediabunny'
import type { MovieSpec } from '../../shared/movie.ts'

type VideoSpec = Pick<MovieSpec, 'format' | 'width' | 'height' | 'framesPerSecond' | 'quality'>

/** What each container may hold, best supported by players first. */
const codecs = { mp4: ['avc', 'vp9', 'av1'], webm: ['vp9', 'vp8', 'av1'] } as const satisfies Record<
  'mp4' | 'webm',
  readonly VideoCodec[]
>

export const codecNames: Readonly<Partial<Record<VideoCodec, string>>> = {
  avc: 'H.264',
  vp9: 'VP9',
  vp8: 'VP8',
  av1: 'AV1'
}

/** Noise does not compress: tomograms need more bits a pixel than films do. */
const bitsPerPixel = { small: 0.08, good: 0.2, best: 0.5 } as const
/** Small pictures need a least. */
const leastBitrate = 400_000

export function bitrateOf({ width, height, framesPerSecond, quality }: Omit<VideoSpec, 'format'>): number {
  return Math.max(leastBitrate, Math.round(width * height * framesPerSecond * bitsPerPixel[quality]))
}

/** The first codec of a container that this program can encode at this size and rate; null where there is none. */
export async function codecFor(spec: VideoSpec): Promise<VideoCodec | null> {
  const { format, width, height, framesPerSecond: frameRate } = spec
  if (format !== 'mp4' && format !== 'webm') return null
  for (const codec of codecs[format])
    if (await canEncodeVideo(codec, { width, height, frameRate, bitrate: bitrateOf(spec) })) return codec
  return null
}
