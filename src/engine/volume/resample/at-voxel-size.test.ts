import { expect, test } from 'vitest'
import type { XYZ } from '../../../shared/axes.ts'
import { memoryVolume } from '../memory-volume.ts'
import type { Volume } from '../volume.ts'
import { atVoxelSize } from './at-voxel-size.ts'
import { memoryInfo } from '../test-volumes.ts'

/** Values that grow linearly with the position in Angstrom, whatever the voxels. */
const at = (x: number, y: number, z: number): number => x + 2 * y - 3 * z

function ramp(size: XYZ, voxel: XYZ): Volume {
  const data = new Float32Array(size.x * size.y * size.z)
  let i = 0
  for (let z = 0; z < size.z; z++)
    for (let y = 0; y < size.y; y++)
      for (let x = 0; x < size.x; x++) data[i++] = at((x + 0.5) * voxel.x, (y + 0.5) * voxel.y, (z + 0.5) * voxel.z)
  return memoryVolume(data, memoryInfo(size, { voxelSizeAngstrom: voxel }))
}

test.each([
  ['coarser', { x: 33, y: 20, z: 9 }, { x: 5, y: 5, z: 5 }, 10, { x: 16, y: 10, z: 4 }],
  ['finer', { x: 7, y: 6, z: 5 }, { x: 13.2, y: 13.2, z: 13.2 }, 10, { x: 9, y: 7, z: 6 }],
  ['from voxels that are no cubes', { x: 12, y: 10, z: 8 }, { x: 10, y: 8, z: 20 }, 10, { x: 12, y: 8, z: 16 }],
  ['one section', { x: 12, y: 10, z: 1 }, { x: 8, y: 8, z: 8 }, 10, { x: 9, y: 8, z: 1 }]
])('%s: a linear function of the place stays what it is', async (_, size, voxel, wanted, expected) => {
  const copy = await atVoxelSize(ramp(size, voxel), 'ramp.mrc', wanted)
  expect(copy.info.size).toEqual(expected)
  expect(copy.info.voxelSizeAngstrom).toEqual({ x: wanted, y: wanted, z: wanted })
  const { origin } = copy.info
  const whole = await copy.readBox({ x: [0, expected.x], y: [0, expected.y], z: [0, expected.z] })
  let i = 0
  let compared = 0
  for (let z = 0; z < expected.z; z++)
    for (let y = 0; y < expected.y; y++)
      for (let x = 0; x < expected.x; x++, i++) {
        // At the rim there is nothing to interpolate with.
        if ([x, y].includes(0) || x === expected.x - 1 || y === expected.y - 1) continue
        if (expected.z > 1 && (z === 0 || z === expected.z - 1)) continue
        const place = [x, y, z].map((v, k) => (v + 0.5) * wanted + [origin.x, origin.y, origin.z][k])
        const depth = expected.z > 1 ? place[2] : voxel.z / 2
        expect(whole[i]).toBeCloseTo(at(place[0], place[1], depth), 2)
        compared++
      }
  expect(compared).toBeGreaterThan(20)
})

test('a volume without a voxel size, or a copy beyond memory, is refused', async () => {
  const unknown = ramp({ x: 4, y: 4, z: 4 }, { x: 1, y: 1, z: 1 })
  const nameless: Volume = { ...unknown, info: { ...unknown.info, voxelSizeAngstrom: null } }
  await expect(atVoxelSize(nameless, 'a.mrc', 10)).rejects.toMatchObject({ code: 'voxel-size-unknown' })
  const fine = ramp({ x: 40, y: 40, z: 40 }, { x: 100, y: 100, z: 100 })
  await expect(atVoxelSize(fine, 'a.mrc', 5)).rejects.toMatchObject({ code: 'resample-too-large' })
})
