import { open, utimes } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plane } from '../../../shared/axes.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { ReaderThread } from '../reading/reader-thread.ts'
import { sliceShape } from '../volume.ts'
import type { CoarseLevel, ReadOptions, Slice } from '../volume.ts'
import { HeldLevel, heldBytes, heldLevels } from './held-level.ts'
import { manifestName, readManifest } from './manifest.ts'
import { readLevelSlice } from './read-level.ts'
import type { LevelLocation } from './read-level.ts'

/** A pyramid on disk, open. */
export interface Pyramid {
  /** Levels 1, 2, … */
  readonly levels: readonly CoarseLevel[]
  /** Resolves once the coarse levels that are kept in memory are there, or were given up. */
  readonly held: Promise<void>
  close(): Promise<void>
}

/** Opens the pyramid in `folder`, and marks it as used now; null where there is none that is complete. `thread` reads its slices. */
export async function openPyramid(folder: string, thread: ReaderThread | null = null): Promise<Pyramid | null> {
  const manifest = await readManifest(folder)
  if (!manifest) return null
  const handles: FileHandle[] = []
  try {
    for (const { file } of manifest.levels) handles.push(await open(join(folder, file), 'r'))
    // What was used last is kept longest. A cache that can't be written is as readable.
    await utimes(join(folder, manifestName), new Date(), new Date()).catch(() => undefined)
  } catch {
    await Promise.all(handles.map((handle) => handle.close()))
    return null
  }
  const reading = new Set<Promise<unknown>>()
  let closed = false
  const onDisk = manifest.levels.map(({ size }, i): CoarseLevel => {
    const factor = 2 ** (i + 1)
    const location: LevelLocation = { descriptor: handles[i].fd, size }
    return {
      size,
      binning: { x: factor, y: factor, z: factor },
      async readSlice(plane: Plane, index: number, { signal }: ReadOptions = {}): Promise<Slice> {
        if (closed) throw closedError(folder)
        const work = levelSlice(location, plane, index, signal, thread)
        reading.add(work)
        try {
          return { ...sliceShape(size, plane), data: await work }
        } finally {
          reading.delete(work)
        }
      }
    }
  })
  const levels = heldLevels(onDisk, heldBytes)
  const loading = new AbortController()
  const held = loadHeld(levels, loading.signal)
  return {
    levels,
    held,
    async close() {
      closed = true
      loading.abort()
      await held
      for (const level of levels) if (level instanceof HeldLevel) level.release()
      // A descriptor that is closed may be another file's the next moment.
      await Promise.allSettled(reading)
      await Promise.all(handles.map((handle) => thread?.settled(handle.fd)))
      await Promise.all(handles.map((handle) => handle.close()))
    }
  }
}

/** The coarsest first: it is there soonest, and drawn until a finer one is. What can't be read now is read when it is asked for, and told then. */
async function loadHeld(levels: readonly CoarseLevel[], signal: AbortSignal): Promise<void> {
  try {
    for (const level of levels.toReversed()) if (level instanceof HeldLevel) await level.load(signal)
  } catch {
    return
  }
}

async function levelSlice(
  location: LevelLocation,
  plane: Plane,
  index: number,
  signal: AbortSignal | undefined,
  thread: ReaderThread | null
): Promise<Float32Array> {
  const read = await thread?.read({ kind: 'level', location, plane, index }, signal)
  return read ?? readLevelSlice(location, plane, index, { signal })
}

function closedError(folder: string): WedgeviewError {
  return new WedgeviewError('job', 'pyramid-closed', `The coarse copy in ${folder} is not open any more.`, 'Ask again.')
}
