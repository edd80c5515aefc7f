import { planeAxes } from '../../../shared/axes.ts'
import type { Plane, XYZ } from '../../../shared/axes.ts'
import { sliceShape, voxelCount } from '../volume.ts'
import type { CoarseLevel, ReadOptions, Slice } from '../volume.ts'

/** Memory that the coarse levels of one volume may take: of 1024 x 1440 x 512 voxels level 2 and all beyond are 52 MiB. */
export const heldBytes = 56 << 20

/**
 * A level of the pyramid that is taken into memory after it was opened: from then on a slice of any plane costs a copy and no reading, however
 * the disk and the threads are busy. Until then it reads as the level does.
 */
export class HeldLevel implements CoarseLevel {
  readonly size: XYZ
  readonly binning: XYZ
  readonly #level: CoarseLevel
  #data: Float32Array | null = null

  constructor(level: CoarseLevel) {
    this.#level = level
    this.size = level.size
    this.binning = level.binning
  }

  get isInMemory(): boolean {
    return this.#data !== null
  }

  async readSlice(plane: Plane, index: number, options: ReadOptions = {}): Promise<Slice> {
    options.signal?.throwIfAborted()
    if (!this.#data) return this.#level.readSlice(plane, index, options)
    return { ...sliceShape(this.size, plane), data: cut(this.#data, this.size, plane, index) }
  }

  /** Takes the level into memory, section by section, so that other reads come in between. */
  async load(signal: AbortSignal): Promise<void> {
    const { x, y, z } = this.size
    const data = new Float32Array(voxelCount(this.size))
    for (let section = 0; section < z; section++) {
      const slice = await this.#level.readSlice('xy', section, { signal, priority: 'ahead' })
      signal.throwIfAborted()
      data.set(slice.data, section * x * y)
    }
    this.#data = data
  }

  /** Gives the memory back. What is read from then on is read as the level does, or refused as it refuses once its files are closed. */
  release(): void {
    this.#data = null
  }
}

/** The levels, of which those that together fit `bytes`, from the coarsest on, can be held. */
export function heldLevels(levels: readonly CoarseLevel[], bytes: number): (CoarseLevel | HeldLevel)[] {
  let left = bytes
  const out: (CoarseLevel | HeldLevel)[] = [...levels]
  for (let i = levels.length - 1; i >= 0; i--) {
    left -= 4 * voxelCount(levels[i].size)
    if (left < 0) break
    out[i] = new HeldLevel(levels[i])
  }
  return out
}

function cut(data: Float32Array, size: XYZ, plane: Plane, index: number): Float32Array {
  const step: XYZ = { x: 1, y: size.x, z: size.x * size.y }
  const { normal, row, column } = planeAxes[plane]
  const rows = size[row]
  const columns = size[column]
  const start = index * step[normal]
  if (plane === 'xy') return data.slice(start, start + rows * columns)
  const out = new Float32Array(rows * columns)
  for (let r = 0; r < rows; r++) {
    const from = start + r * step[row]
    if (step[column] === 1) out.set(data.subarray(from, from + columns), r * columns)
    else for (let c = 0; c < columns; c++) out[r * columns + c] = data[from + c * step[column]]
  }
  return out
}
