import {
  CanvasSource,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
  type StreamTargetChunk
} from 'mediabunny'
import { WedgeviewError } from '../../shared/errors.ts'
import { bitrateOf, codecFor, codecNames } from './codecs.ts'
import type { MovieWriter, WriterOptions } from './movieWriter.ts'

/** Bytes that are written at once. */
const pieceBytes = 1 << 20

/** MP4 and WebM by the browser's encoder. The muxer writes as packets come: a movie is never in memory as a whole. */
export async function videoWriter({ spec, frames, canvas, file }: WriterOptions): Promise<MovieWriter> {
  const codec = await codecFor(spec)
  if (codec === null) throw noEncoder(spec.format)
  let packets = 0
  const source = new CanvasSource(canvas, {
    codec,
    bitrate: bitrateOf(spec),
    // A key frame each second, so that players can go to any place quickly.
    keyFrameInterval: 1,
    latencyMode: 'quality',
    onEncodedPacket: () => packets++
  })
  const target = new StreamTarget(
    new WritableStream<StreamTargetChunk>({ write: ({ data, position }) => file.write(data, position) }),
    { chunked: true, chunkSize: pieceBytes }
  )
  // The index goes to the front, where players on the web look for it: how many frames there will be is known.
  const format = spec.format === 'mp4' ? new Mp4OutputFormat({ fastStart: 'reserve' }) : new WebMOutputFormat()
  const output = new Output({ format, target })
  output.addVideoTrack(source, { frameRate: spec.framesPerSecond, maximumPacketCount: frames })
  const named = <Value>(doing: Promise<Value>): Promise<Value> =>
    doing.catch((error: unknown) => {
      throw failed(codecNames[codec] ?? codec, error)
    })
  await named(output.start())
  let added = 0
  return {
    add: () => {
      const at = added++ / spec.framesPerSecond
      return named(source.add(at, 1 / spec.framesPerSecond))
    },
    end: async () => {
      await named(output.finalize())
      if (packets !== added) throw failed(codecNames[codec] ?? codec, `it gave ${packets} frames for ${added}`)
    },
    cancel: () => output.cancel()
  }
}

function noEncoder(format: string): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'movie-no-encoder',
    `This program has no encoder for ${format === 'mp4' ? 'MP4' : 'WebM'} at this size and rate.`,
    'Choose a smaller size, or another format: GIF and PNG frames need no encoder.'
  )
}

/** What the file could not take is told as it is; what the encoder says is told as the encoder's. */
function failed(encoder: string, error: unknown): unknown {
  if (error instanceof WedgeviewError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new WedgeviewError(
    'job',
    'movie-encoder-failed',
    `The ${encoder} encoder stopped: ${reason}.`,
    'Choose another format or a smaller size.',
    { cause: error }
  )
}
