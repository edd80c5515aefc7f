import { read as readCallback, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { ReadPace } from 'mrc-js'
import { planeAxes } from '../../../shared/axes.ts'
import type { Axis, Plane, XYZ } from '../../../shared/axes.ts'
import { sliceShape } from '../volume.ts'
import { brickBytes, brickCounts, brickSize, decodeBrick } from './bricks.ts'

/** A level of a pyramid on disk, as plain data: every thread of the process reads by it while the level is open. */
export interface LevelLocation {
  descriptor: number
  size: XYZ
}

export interface ReadLevelOptions {
  signal?: AbortSignal | undefined
  /** Read in this thread while that is quick. Default false. */
  blocking?: boolean
}

const readAt = promisify(readCallback)
const readsAtOnce = 16

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

/** A slice of a level, C order. `index` in the level's own voxels. */
export async function readLevelSlice(
  { descriptor, size }: LevelLocation,
  plane: Plane,
  index: number,
  { signal, blocking = false }: ReadLevelOptions = {}
): Promise<Float32Array<ArrayBuffer>> {
  const { rows, columns } = sliceShape(size, plane)
  const { normal, row, column } = planeAxes[plane]
  const out = new Float32Array(rows * columns)
  const counts = brickCounts(size)
  const outSteps: XYZ = { x: 0, y: 0, z: 0 }
  outSteps[column] = 1
  outSteps[row] = columns
  const within = index % brickSize[normal]
  const positionOf = ({ x, y, z }: XYZ): number => ((z * counts.y + y) * counts.x + x) * brickBytes

  const decodeRun = ({ first, count }: BrickRun, bytes: Uint8Array): void => {
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
  signal?.throwIfAborted()
  if (blocking) await readHere(descriptor, runs, counts.x, positionOf, decodeRun, signal)
  const reader = async (): Promise<void> => {
    for (let run = runs.next(); !run.done; run = runs.next()) {
      signal?.throwIfAborted()
      const bytes = new Uint8Array(run.value.count * brickBytes)
      await readAt(descriptor, bytes, 0, bytes.length, positionOf(run.value.first))
      decodeRun(run.value, bytes)
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: readsAtOnce }, reader))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return out
}

/** Reads runs in this thread until none is left or reading turns out to wait for a disk. */
async function readHere(
  descriptor: number,
  runs: Generator<BrickRun, undefined>,
  longestRun: number,
  positionOf: (first: XYZ) => number,
  decodeRun: (run: BrickRun, bytes: Uint8Array) => void,
  signal: AbortSignal | undefined
): Promise<void> {
  const pace = new ReadPace()
  const bytes = new Uint8Array(longestRun * brickBytes)
  for (let run = runs.next(); !run.done; run = runs.next()) {
    const length = run.value.count * brickBytes
    const start = performance.now()
    readSync(descriptor, bytes, 0, length, positionOf(run.value.first))
    const next = pace.after(length, performance.now() - start)
    decodeRun(run.value, bytes)
    if (next !== 'go-on') await pace.giveWay(signal)
    if (next === 'waits') return
  }
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
