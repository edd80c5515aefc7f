import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { WedgeviewError } from '../../../shared/errors.ts'
import { fileIdentity } from '../file-identity.ts'
import type { ScanHooks } from '../scans/tasks.ts'
import type { Volume } from '../volume.ts'
import { SectionBinner } from './bin-sections.ts'
import { brickSize, encodeLayer } from './bricks.ts'
import { manifestName, newManifest } from './manifest.ts'
import { sections } from '../sections.ts'

export interface PyramidTarget {
  /** The folder that the pyramid is to have in the end. */
  folder: string
  /** The identity of the file that is binned; when the file has another one before or after, the pyramid is abandoned. */
  identity: string
}

let made = 0

/**
 * Bins a volume by 2, 4, 8, … in one pass over it, in constant memory, and puts the levels into `folder`: written beside, flushed,
 * renamed. Stops where another process has made the same meanwhile.
 *
 * @throws WedgeviewError job: `file-changed`, `pyramid-not-written`; the signal's reason
 */
export async function buildPyramid(
  volume: Volume,
  { folder, identity }: PyramidTarget,
  hooks: ScanHooks
): Promise<void> {
  const { path, size } = volume.info
  const staging = `${folder}.partial-${process.pid}-${++made}`
  const manifest = newManifest(path, identity, size)
  const writers: LevelWriter[] = []
  try {
    await assertUnchanged(path, identity)
    await mkdir(staging, { recursive: true })
    for (const level of manifest.levels) writers.push(await LevelWriter.create(join(staging, level.file), level.size))
    const first = chain(writers, size.x, size.y)
    let done = 0
    for await (const section of sections(volume, hooks)) {
      await first.push(section)
      hooks.onProgress(++done / size.z)
    }
    await first.finish()
    for (const writer of writers) await writer.finish()
    await writeFile(join(staging, manifestName), JSON.stringify(manifest), { flush: true })
    await assertUnchanged(path, identity)
    hooks.signal.throwIfAborted()
    await rename(staging, folder).catch(async (error: unknown) => {
      // Another window was faster: its pyramid is as good.
      if (!isAlreadyThere(error)) throw error
      await rm(staging, { recursive: true, force: true })
    })
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.close()))
    // What stopped the writing may stop the removal too; the first reason is the one to tell.
    await rm(staging, { recursive: true, force: true }).catch(() => undefined)
    throw inWords(error, path, folder)
  }
}

interface Sink {
  push(section: Float32Array): Promise<void>
  finish(): Promise<void>
}

/** Level 1 is binned from the file's sections, each further level from the one before it. */
function chain(writers: readonly LevelWriter[], columns: number, rows: number): Sink {
  const [writer, ...coarser] = writers
  if (!writer) return { push: async () => undefined, finish: async () => undefined }
  const next = chain(coarser, writer.columns, writer.rows)
  const binner = new SectionBinner(columns, rows, async (section) => {
    await writer.push(section)
    await next.push(section)
  })
  return {
    push: (section) => binner.push(section),
    async finish() {
      await binner.finish()
      await next.finish()
    }
  }
}

/** Collects a level's sections into layers of bricks and appends those to its file. */
class LevelWriter {
  readonly columns: number
  readonly rows: number
  readonly #handle: FileHandle
  readonly #slab: Float32Array
  #sections = 0
  #isOpen = true

  private constructor(handle: FileHandle, { x, y }: { x: number; y: number }) {
    this.#handle = handle
    this.columns = x
    this.rows = y
    this.#slab = new Float32Array(x * y * brickSize.z)
  }

  static async create(path: string, size: { x: number; y: number }): Promise<LevelWriter> {
    return new LevelWriter(await open(path, 'wx'), size)
  }

  async push(section: Float32Array): Promise<void> {
    this.#slab.set(section, this.#sections * section.length)
    if (++this.#sections === brickSize.z) await this.#flush()
  }

  async finish(): Promise<void> {
    if (this.#sections > 0) await this.#flush()
    await this.#handle.sync()
    await this.close()
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#handle.close()
  }

  async #flush(): Promise<void> {
    await this.#handle.writeFile(encodeLayer(this.#slab, this.columns, this.rows, this.#sections))
    this.#sections = 0
  }
}

async function assertUnchanged(path: string, identity: string): Promise<void> {
  if ((await fileIdentity(path)) === identity) return
  throw new WedgeviewError(
    'job',
    'file-changed',
    `${path} changed while its coarse copy was made.`,
    'Open it again when it is complete.'
  )
}

function isAlreadyThere(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCode(error))
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The system's refusals in words; what is said in words already stays. */
function inWords(error: unknown, path: string, folder: string): unknown {
  const code = systemCode(error)
  if (error instanceof WedgeviewError || !/^E[A-Z]+$/.test(code)) return error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new WedgeviewError(
    'job',
    full ? 'disk-full' : 'pyramid-not-written',
    `The coarse copy of ${path} can't be written to ${folder} (${code}).`,
    full ? 'Free some space for the program’s cache.' : 'Check the cache folder and its permissions.',
    { cause: error }
  )
}
