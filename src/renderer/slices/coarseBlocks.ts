import { planeAxes, type Axis, type Box, type XYZ } from '../../shared/axes.ts'
import type { Slice, SliceKey } from '../api/sliceCache.ts'

/** A coarse copy of a whole volume, small enough to keep in this window. */
export interface CoarseBlock {
  /** C-ordered (z, y, x). */
  data: Float32Array
  size: XYZ
  /** What it covers, in the volume's voxels. */
  box: Box
  revision: number
}

/** 8 MiB a volume: 128^3 float32. */
export const coarseVoxels = 1 << 21

/** Coarse copies of large volumes: while someone scrubs, a slice of them is drawn in the same frame, and nobody is asked for it. */
export class CoarseBlocks {
  readonly #load: (volumeId: string) => Promise<CoarseBlock>
  readonly #blocks = new Map<string, CoarseBlock | 'loading'>()

  constructor(load: (volumeId: string) => Promise<CoarseBlock>) {
    this.#load = load
  }

  /** Fetches a volume's copy, once. Without it slices come as they are read. */
  want(volumeId: string): void {
    if (this.#blocks.has(volumeId)) return
    this.#blocks.set(volumeId, 'loading')
    this.#load(volumeId).then(
      (block) => this.#blocks.has(volumeId) && this.#blocks.set(volumeId, block),
      // Asked for again when the volume is looked at anew.
      () => this.#blocks.delete(volumeId)
    )
  }

  forget(volumeId: string): void {
    this.#blocks.delete(volumeId)
  }

  slice(key: SliceKey): Slice | null {
    const block = this.#blocks.get(key.volumeId)
    if (!block || block === 'loading' || key.filters !== '' || block.revision !== key.revision) return null
    return sliceOfBlock(block, key)
  }
}

/** A plane of a block; null where it does not reach so far. */
export function sliceOfBlock({ data, size, box, revision }: CoarseBlock, key: SliceKey): Slice | null {
  const { normal, column, row } = planeAxes[key.plane]
  const binning = (axis: Axis): number => Math.ceil((box[axis][1] - box[axis][0]) / size[axis])
  const at = Math.floor((key.index - box[normal][0]) / binning(normal))
  if (at < 0 || at >= size[normal]) return null
  const [rows, columns] = [size[row], size[column]]
  const strides: XYZ = { x: 1, y: size.x, z: size.x * size.y }
  const values = new Float32Array(rows * columns)
  for (let r = 0; r < rows; r++) {
    const from = at * strides[normal] + r * strides[row]
    if (column === 'x') values.set(data.subarray(from, from + columns), r * columns)
    else for (let c = 0; c < columns; c++) values[r * columns + c] = data[from + c * strides[column]]
  }
  return { ...key, revision, rows, columns, values, binning: { row: binning(row), column: binning(column) } }
}
