import type { ZYX } from '../../../shared/axes.ts'
import type { Block, Tile } from './geometry.ts'
import { voxelsOf } from './geometry.ts'
import { reflected } from '../padding.ts'

/** The voxels of `block` from an array that covers `from`. The block must lie inside. */
export function cropBlock(values: Float32Array, from: Block, block: Block): Float32Array {
  const out = new Float32Array(voxelsOf(block.size))
  forEachRow(block, from, (outStart, inStart, count) => out.set(values.subarray(inStart, inStart + count), outStart))
  return out
}

/** A tile's box out of a region, continued by reflection behind the region's last voxels. */
export function cutBox(region: Float32Array, size: ZYX, { origin, size: box }: Block): Float32Array {
  const out = new Float32Array(voxelsOf(box))
  const columns = Int32Array.from({ length: box[2] }, (_, x) => reflected(origin[2] + x, size[2]))
  let at = 0
  for (let z = 0; z < box[0]; z++)
    for (let y = 0; y < box[1]; y++) {
      const row = (reflected(origin[0] + z, size[0]) * size[1] + reflected(origin[1] + y, size[1])) * size[2]
      for (let x = 0; x < box[2]; x++) out[at++] = region[row + columns[x]]
    }
  return out
}

/**
 * Adds a tile's weighted values (of its support) to a map of the region. Added in the canonical order of the tiles, the sum is the same
 * to the bit whatever order they were computed in.
 */
export function addWeighted(map: Float32Array, region: ZYX, values: Float32Array, { support, weights }: Tile): void {
  const [wz, wy, wx] = weights
  const [depth, height, width] = support.size
  let at = 0
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++) {
      const share = wz[z] * wy[y]
      let to = ((support.origin[0] + z) * region[1] + support.origin[1] + y) * region[2] + support.origin[2]
      for (let x = 0; x < width; x++) map[to++] += share * wx[x] * values[at++]
    }
}

/** Puts a tile's core (out of values of its support) into a map of the region: no voxel is a mixture. */
export function putCore(map: Float32Array, region: ZYX, values: Float32Array, { core, support }: Tile): void {
  const whole: Block = { origin: [0, 0, 0], size: region }
  forEachRow(core, support, (outStart, inStart, count) => {
    const z = Math.floor(outStart / (core.size[1] * core.size[2]))
    const y = Math.floor(outStart / core.size[2]) % core.size[1]
    const to = offsetIn(whole, core.origin[0] + z, core.origin[1] + y, core.origin[2])
    map.set(values.subarray(inStart, inStart + count), to)
  })
}

function offsetIn({ origin, size }: Block, z: number, y: number, x: number): number {
  return ((z - origin[0]) * size[1] + y - origin[1]) * size[2] + x - origin[2]
}

function forEachRow(
  block: Block,
  from: Block,
  visit: (blockOffset: number, fromOffset: number, count: number) => void
): void {
  const [depth, height, width] = block.size
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      visit((z * height + y) * width, offsetIn(from, block.origin[0] + z, block.origin[1] + y, block.origin[2]), width)
}
