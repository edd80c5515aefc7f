import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { wholeBox } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { Volume } from '../volume/volume.ts'
import { writeVolume } from '../volume/write-volume.ts'

/** The volume as an MRC file: a file's own bytes, or a map in memory written as one. */
export async function mrcDownload(description: OpenVolume, volume: Volume, signal: AbortSignal): Promise<Response> {
  const { info } = description
  const isFile = info.format === 'mrc'
  const path = isFile ? info.path : join(tmpdir(), `wedgeview-${randomUUID()}.mrc`)
  if (!isFile) {
    const voxels = await volume.readBox(wholeBox(info.size), { signal })
    await writeVolume(path, voxels, info.size, info, [], signal)
  }
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

function fileName({ name }: OpenVolume, isFile: boolean): string {
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
