import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Box } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { convertVolume } from '../volume/convert.ts'
import { readableBox } from '../volume/readable-part.ts'
import { sections } from '../volume/sections.ts'
import type { Volume } from '../volume/volume.ts'
import { createVolumeWriter } from '../volume/write-volume.ts'

/**
 * The volume as an MRC file: such a file's own bytes; a map in memory, a file of another format, or what is there of one that ends too early,
 * written as one.
 */
export async function mrcDownload(description: OpenVolume, volume: Volume, signal: AbortSignal): Promise<Response> {
  const { info } = description
  const isFile = info.format === 'mrc' && !info.partial
  const path = isFile ? info.path : temporaryPath()
  if (!isFile) await writeAsMrc(volume, path, signal)
  return fileResponse(path, isFile, fileName(description, isFile))
}

/** A box of the volume as an MRC file in its own type, in its place: origin and start indices say where it was cut out. @throws WedgeviewError `roi-outside` */
export async function mrcRegion(
  description: OpenVolume,
  volume: Volume,
  box: Box,
  signal: AbortSignal
): Promise<Response> {
  const path = temporaryPath()
  await convertVolume(volume, path, { type: null, bin: 1, roi: box, sigma: 0 }, 'wedgeview', { signal })
  return fileResponse(path, false, `${bareName(description)}.region.mrc`)
}

function temporaryPath(): string {
  return join(tmpdir(), `wedgeview-${randomUUID()}.mrc`)
}

/** A file's bytes; one that is not `kept` is gone with the answer. */
async function fileResponse(path: string, kept: boolean, name: string): Promise<Response> {
  // Opened before anything is answered, so that a file that has gone is a refusal and not a broken body.
  const { size } = await stat(path).catch(gone(path))
  const handle = await open(path, 'r').catch(gone(path))
  // An open file outlives its name: the temporary one is gone whatever becomes of the answer.
  if (!kept) await rm(path, { force: true })
  const stream = createReadStream(path, { fd: handle, highWaterMark: 1 << 20 })
  return new Response(webStream(stream), {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(size),
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
    }
  })
}

async function writeAsMrc(volume: Volume, path: string, signal: AbortSignal): Promise<void> {
  const { info } = volume
  if (info.partial) {
    // Of the sections that are there, so that the copy is a whole file again.
    const request = { type: null, bin: 1, roi: readableBox(info), sigma: 0 }
    await convertVolume(volume, path, request, 'wedgeview', { signal })
    return
  }
  const writer = await createVolumeWriter(path, info.size, info, [])
  try {
    for await (const section of sections(volume, { signal })) await writer.write(section)
    signal.throwIfAborted()
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}

function fileName({ name, info }: OpenVolume, isFile: boolean): string {
  if (info.partial) return `${bareName({ name })}.readable.mrc`
  return isFile || name.endsWith('.mrc') ? name : `${name}.mrc`
}

function bareName({ name }: Pick<OpenVolume, 'name'>): string {
  return name.replace(/(\.[a-z]{2,4})?(\.gz|\.bz2)?$/i, '')
}

function gone(path: string): (error: unknown) => never {
  return (error) => {
    throw new WedgeviewError('input', 'mrc-not-found', `${path} can't be read any more.`, 'Open it again.', {
      cause: error
    })
  }
}

/** Node's and the DOM's types of the same thing differ in name only. */
function webStream(stream: Readable): ReadableStream<Uint8Array> {
  const web: NodeReadableStream<Uint8Array> = Readable.toWeb(stream)
  return web as ReadableStream<Uint8Array>
}
