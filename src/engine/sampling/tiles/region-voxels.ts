import type { ZYX } from '../../../shared/axes.ts'
import { reflected } from '../padding.ts'
import { cropBlock, cutBox } from './blend.ts'
import type { Block } from './geometry.ts'

/** A region that is not held in memory but read box by box. */
export interface RegionReader {
  /** Voxels of the region. */
  readonly length: number
  /** A box inside the region, normalised, (z, y, x). */
  read(block: Block): Promise<Float32Array>
}

/** A region's voxels, normalised, (z, y, x), x fastest: in memory, or read as they are needed. */
export type RegionVoxels = Float32Array | RegionReader

/** A box out of a region, continued by reflection behind the region's last voxels: the same values from memory and from a file. */
export async function boxOf(voxels: RegionVoxels, size: ZYX, box: Block): Promise<Float32Array> {
  if (voxels instanceof Float32Array) return cutBox(voxels, size, box)
  const read = readBlock(size, box)
  const values = await voxels.read(read)
  const origin: ZYX = [box.origin[0] - read.origin[0], box.origin[1] - read.origin[1], box.origin[2] - read.origin[2]]
  const isInside = box.size.every((n, axis) => box.origin[axis] + n <= size[axis])
  return isInside
    ? cropBlock(values, { origin: [0, 0, 0], size: read.size }, { origin, size: box.size })
    : mirrored(values, size, read, box)
}

/** What of the region a box shows, mirror images included. */
function readBlock(size: ZYX, { origin, size: box }: Block): Block {
  const range = (axis: 0 | 1 | 2): [number, number] => {
    const shown = Array.from({ length: box[axis] }, (_, i) => reflected(origin[axis] + i, size[axis]))
    return [Math.min(...shown), Math.max(...shown) + 1]
  }
  const [z, y, x] = [range(0), range(1), range(2)]
  return { origin: [z[0], y[0], x[0]], size: [z[1] - z[0], y[1] - y[0], x[1] - x[0]] }
}

function mirrored(values: Float32Array, size: ZYX, read: Block, { origin, size: box }: Block): Float32Array {
  const out = new Float32Array(box[0] * box[1] * box[2])
  const at = (axis: 0 | 1 | 2, i: number): number => reflected(origin[axis] + i, size[axis]) - read.origin[axis]
  let to = 0
  for (let z = 0; z < box[0]; z++)
    for (let y = 0; y < box[1]; y++) {
      const row = (at(0, z) * read.size[1] + at(1, y)) * read.size[2]
      for (let x = 0; x < box[2]; x++) out[to++] = values[row + at(2, x)]
    }
  return out
}
