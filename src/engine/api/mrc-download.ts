import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { WedgeviewError } from '../../shared/errors.ts'
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
  const path = isFile ? info.path : join(tmpdir(), `wedgeview-${randomUUID()}.mrc`)
  if (!isFile) await writeAsMrc(volume, path, signal)
  // Opened before anything is answered, so that a file that has gone is a refusal and not a broken body.
  const { size } = await stat(path).catch(gone(path))
  const handle = await open(path, 'r').catch(gone(path))
  // An open file outlives its name: the temporary one is gone whatever becomes of the answer.
  if (!isFile) await rm(path, { force: true })
  const stream = createReadStream(path, { fd: handle, highWaterMark: 1 << 20 })
  return new Response(webStream(stream), {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(size),
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName(description, isFile))}`
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
  if (info.partial) return `${name.replace(/(\.[a-z]{2,4})?(\.gz|\.bz2)?$/i, '')}.readable.mrc`
  return isFile || name.endsWith('.mrc') ? name : `${name}.mrc`
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
