import { expect, it } from 'vitest'
import type { XYZ } from '../../shared/axes.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import { regionPosition } from './region-position.ts'

const zero = { x: 0, y: 0, z: 0 }
const voxel = { x: 2, y: 3, z: 4 }
const roi = { x: [10, 20], y: [5, 9], z: [1, 2] } as const

function info(start: XYZ, origin: XYZ, voxelSizeAngstrom: XYZ | null = voxel): VolumeInfo {
  return {
    path: '/t.mrc',
    format: 'mrc',
    mode: 2,
    dtype: 'float32',
    byteOrder: 'little',
    size: { x: 30, y: 30, z: 30 },
    voxelSizeAngstrom,
    origin,
    start,
    axisOrder: [1, 2, 3],
    isVolumeStack: false,
    extendedHeader: { type: '', bytes: 0 },
    labels: [],
    tilt: null,
    repairs: [],
    compressed: 'none'
  }
}

/** Where ChimeraX puts a volume: its origin unless that is zero, else its start indices. */
function chimeraxPosition({ start, origin }: { start: XYZ; origin: XYZ }): XYZ {
  if (origin.x !== 0 || origin.y !== 0 || origin.z !== 0) return origin
  return { x: start.x * voxel.x, y: start.y * voxel.y, z: start.z * voxel.z }
}

const box = { x: [...roi.x], y: [...roi.y], z: [...roi.z] } as {
  x: [number, number]
  y: [number, number]
  z: [number, number]
}

it.each([
  ['no position', zero, zero],
  ['start indices only', { x: -3, y: 7, z: 2 }, zero],
  ['an origin only', zero, { x: 100, y: -50, z: 8 }],
  ['both', { x: -3, y: 7, z: 2 }, { x: 100, y: -50, z: 8 }]
])('puts the region of a tomogram with %s in place', (_, start, origin) => {
  const tomogram = info(start, origin)
  const region = regionPosition(tomogram, box)
  // By start indices.
  expect(region.start).toEqual({ x: start.x + 10, y: start.y + 5, z: start.z + 1 })
  // By ChimeraX's rule.
  const from = chimeraxPosition(tomogram)
  const to = chimeraxPosition(region)
  expect([to.x - from.x, to.y - from.y, to.z - from.z]).toEqual([20, 15, 4])
})

it('leaves the origin alone where the voxel size is not known', () => {
  const region = regionPosition(info(zero, { x: 1, y: 1, z: 1 }, null), box)
  expect(region).toEqual({ start: { x: 10, y: 5, z: 1 }, origin: { x: 1, y: 1, z: 1 } })
})
