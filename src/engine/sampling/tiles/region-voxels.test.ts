import { expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { cropBlock, cutBox } from './blend.ts'
import type { Block } from './geometry.ts'
import { boxOf } from './region-voxels.ts'

const size: ZYX = [5, 4, 7]
const region = Float32Array.from({ length: 5 * 4 * 7 }, (_, i) => i)

it.each<[string, Block]>([
  ['inside', { origin: [1, 0, 2], size: [3, 4, 5] }],
  ['over the end of each axis', { origin: [3, 2, 4], size: [4, 4, 6] }],
  ['mirrored several times over', { origin: [0, 0, 0], size: [14, 11, 9] }],
  ['behind the last voxel', { origin: [5, 1, 6], size: [2, 2, 2] }]
])('gives the same box from a file as from memory: %s', async (_, box) => {
  const asked: Block[] = []
  const reader = {
    length: region.length,
    read: (block: Block): Promise<Float32Array> => {
      asked.push(block)
      return Promise.resolve(cropBlock(region, { origin: [0, 0, 0], size }, block))
    }
  }
  expect(await boxOf(reader, size, box)).toEqual(cutBox(region, size, box))
  expect(await boxOf(region, size, box)).toEqual(cutBox(region, size, box))
  const [{ origin, size: read }] = asked
  expect(read.every((n, axis) => n <= box.size[axis] && origin[axis] + n <= size[axis])).toBe(true)
})
