import { expect, test } from 'vitest'
import type { Plane } from '../../shared/axes.ts'
import type { SliceKey } from '../api/sliceCache.ts'
import { CoarseBlocks, sliceOfBlock, type CoarseBlock } from './coarseBlocks.ts'

/** 11 x 6 x 7 voxels in bins of 4, 2 and 3; values tell their place: zyx. */
const size = { x: 3, y: 3, z: 3 }
const block: CoarseBlock = {
  data: Float32Array.from({ length: 27 }, (_, i) => (i % 3) + 10 * (Math.floor(i / 3) % 3) + 100 * Math.floor(i / 9)),
  size,
  box: { x: [0, 11], y: [0, 6], z: [0, 7] },
  revision: 1
}
const key = (plane: Plane, index: number): SliceKey => ({ volumeId: 'a', revision: 1, plane, index, filters: '' })

test('every plane is cut as the engine cuts it: rows upwards, columns to the right', () => {
  const xy = sliceOfBlock(block, key('xy', 4))
  expect(xy).toMatchObject({ rows: 3, columns: 3, index: 4, binning: { row: 2, column: 4 } })
  expect([...(xy?.values ?? [])]).toEqual([100, 101, 102, 110, 111, 112, 120, 121, 122])
  const xz = sliceOfBlock(block, key('xz', 5))
  expect(xz?.binning).toEqual({ row: 3, column: 4 })
  expect([...(xz?.values ?? [])]).toEqual([20, 21, 22, 120, 121, 122, 220, 221, 222])
  const yz = sliceOfBlock(block, key('yz', 8))
  expect(yz?.binning).toEqual({ row: 3, column: 2 })
  expect([...(yz?.values ?? [])]).toEqual([2, 12, 22, 102, 112, 122, 202, 212, 222])
})

test('there is none beyond what the block covers, of another revision, through a filter, or once forgotten', async () => {
  let loads = 0
  const blocks = new CoarseBlocks(() => {
    loads++
    return Promise.resolve({ ...block, box: { ...block.box, z: [0, 6] } })
  })
  blocks.want('a')
  blocks.want('a')
  expect(blocks.slice(key('xy', 0))).toBeNull()
  await Promise.resolve()
  expect(loads).toBe(1)
  expect(blocks.slice(key('xy', 5))).not.toBeNull()
  expect(blocks.slice(key('xy', 6))).toBeNull()
  expect(blocks.slice({ ...key('xy', 0), revision: 2 })).toBeNull()
  expect(blocks.slice({ ...key('xy', 0), filters: '&filter=gauss:1' })).toBeNull()
  blocks.forget('a')
  expect(blocks.slice(key('xy', 5))).toBeNull()
})
