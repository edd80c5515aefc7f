import { read as readCallback } from 'node:fs'
import { open, utimes } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { planeAxes } from '../../../shared/axes.ts'
import type { Axis, Plane, XYZ } from '../../../shared/axes.ts'
import { sliceShape } from '../volume.ts'
import type { CoarseLevel, ReadOptions, Slice } from '../volume.ts'
import { brickBytes, brickCounts, brickSize, decodeBrick } from './bricks.ts'
import { manifestName, readManifest } from './manifest.ts'

/** A pyramid on disk, open. */
export interface Pyramid {
  /** Levels 1, 2, … */
  readonly levels: readonly CoarseLevel[]
  close(): Promise<void>
}

const readAt = promisify(readCallback)
const readsAtOnce = 16

/** Opens the pyramid in `folder`, and marks it as used now; null where there is none that is complete. */
export async function openPyramid(folder: string): Promise<Pyramid | null> {
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
  const levels = manifest.levels.map(({ size }, i): CoarseLevel => {
    const factor = 2 ** (i + 1)
    return {
      size,
      binning: { x: factor, y: factor, z: factor },
      readSlice: (plane, index, options = {}) => readLevelSlice(handles[i], size, plane, index, options)
    }
  })
  return {
    levels,
    async close() {
      await Promise.all(handles.map((handle) => handle.close()))
    }
  }
}

/** Bytes that reading a slice of a level takes. */
export function sliceBytes(size: XYZ, plane: Plane): number {
  const counts = brickCounts(size)
  const { column, row } = planeAxes[plane]
  return counts[column] * counts[row] * brickBytes
}

/** Bricks that lie one after the other in the file. */
interface BrickRun {
  /** The first brick, in bricks along each axis. */
  first: XYZ
  count: number
}

async function readLevelSlice(
  handle: FileHandle,
  size: XYZ,
  plane: Plane,
  index: number,
  { signal }: ReadOptions
): Promise<Slice> {
  const { rows, columns } = sliceShape(size, plane)
  const { normal, row, column } = planeAxes[plane]
  const out = new Float32Array(rows * columns)
  const counts = brickCounts(size)
  const outSteps: XYZ = { x: 0, y: 0, z: 0 }
  outSteps[column] = 1
  outSteps[row] = columns
  const within = index % brickSize[normal]

  const readRun = async ({ first, count }: BrickRun): Promise<void> => {
    signal?.throwIfAborted()
    const bytes = new Uint8Array(count * brickBytes)
    const position = ((first.z * counts.y + first.y) * counts.x + first.x) * brickBytes
    await readAt(handle.fd, bytes, 0, bytes.length, position)
    for (let i = 0; i < count; i++) {
      const number = first.y * counts.x + first.x + i
      const brick: XYZ = { x: number % counts.x, y: Math.floor(number / counts.x), z: first.z }
      const range = (axis: Axis): [number, number] =>
        axis === normal
          ? [within, within + 1]
          : [0, Math.min(brickSize[axis], size[axis] - brick[axis] * brickSize[axis])]
      const start = brick[row] * brickSize[row] * columns + brick[column] * brickSize[column]
      decodeBrick(bytes, i * brickBytes, { x: range('x'), y: range('y'), z: range('z') }, out, start, outSteps)
    }
  }

  const runs = runsOf(counts, plane, Math.floor(index / brickSize[normal]))
  const reader = async (): Promise<void> => {
    for (let run = runs.next(); !run.done; run = runs.next()) await readRun(run.value)
  }
  await Promise.all(Array.from({ length: readsAtOnce }, reader))
  return { rows, columns, data: out }
}

function* runsOf(counts: XYZ, plane: Plane, layer: number): Generator<BrickRun, undefined> {
  if (plane === 'xy') {
    for (let y = 0; y < counts.y; y++) yield { first: { x: 0, y, z: layer }, count: counts.x }
    return
  }
  for (let z = 0; z < counts.z; z++) {
    if (plane === 'xz') yield { first: { x: 0, y: layer, z }, count: counts.x }
    else for (let y = 0; y < counts.y; y++) yield { first: { x: layer, y, z }, count: 1 }
  }
}
