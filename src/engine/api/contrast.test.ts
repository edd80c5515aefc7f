import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contrastOfBoxSchema } from '../../shared/api.ts'
import type { Box } from '../../shared/axes.ts'
import { formatBox } from '../../shared/axes.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { inFolder, plainHeader } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { testApi } from './test-api.ts'

const size = { x: 90, y: 70, z: 60 }

/** Scattered values, on a slope along z; some voxels are no numbers. */
function voxels(): Float32Array {
  return Float32Array.from({ length: size.x * size.y * size.z }, (_, i) => {
    const scattered = ((Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 32) * 10
    return i % 997 === 0 ? Number.NaN : scattered + 3 * Math.floor(i / (size.x * size.y))
  })
}

/** The values of a box that are numbers, in order. */
function sortedIn(data: Float32Array, box: Box): Float32Array {
  const inside = data.filter((value, i) => {
    const at = { x: i % size.x, y: Math.floor(i / size.x) % size.y, z: Math.floor(i / (size.x * size.y)) }
    return !Number.isNaN(value) && (['x', 'y', 'z'] as const).every((a) => at[a] >= box[a][0] && at[a] < box[a][1])
  })
  return inside.sort()
}

/** By counting: the least value that at least this share of the values does not exceed. */
const percentileByCount = (sorted: Float32Array, share: number): number => sorted[Math.ceil(share * sorted.length) - 1]

test('limits of a box are percentiles of its voxels: all of a small one, a sample of a large one', () =>
  inFolder(async (folder) => {
    const data = voxels()
    await writeVolume(join(folder, 'a.mrc'), data, size, plainHeader, [])
    const { json, refusal } = await testApi(folder)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path: join(folder, 'a.mrc') })
    const path = `/api/volumes/${id}/contrast`

    const small: Box = { x: [3, 40], y: [10, 41], z: [50, 57] }
    const inSmall = sortedIn(data, small)
    const exact = await json(contrastOfBoxSchema, 'GET', `${path}?box=${formatBox(small)}`)
    expect(exact.voxels).toBe(inSmall.length)
    expect(exact.low).toBeCloseTo(percentileByCount(inSmall, 0.005), 1)
    expect(exact.median).toBeCloseTo(percentileByCount(inSmall, 0.5), 1)
    expect(exact.high).toBeCloseTo(percentileByCount(inSmall, 0.995), 1)

    // Half the volume, more than the sample: still of this half alone, within what a sample of 2^18 can tell.
    const large: Box = { x: [0, 90], y: [0, 70], z: [10, 60] }
    const inLarge = sortedIn(data, large)
    const sampled = await json(contrastOfBoxSchema, 'GET', `${path}?box=${formatBox(large)}`)
    expect(sampled.voxels).toBeLessThanOrEqual(2 ** 18)
    const width = percentileByCount(inLarge, 0.995) - percentileByCount(inLarge, 0.005)
    for (const [name, share] of [
      ['low', 0.005],
      ['median', 0.5],
      ['high', 0.995]
    ] as const)
      expect(Math.abs((sampled[name] ?? Number.NaN) - percentileByCount(inLarge, share)) / width).toBeLessThan(0.03)
    expect(sampled.low).toBeGreaterThanOrEqual(30)

    const whole = await json(contrastOfBoxSchema, 'GET', path)
    expect(whole.low).toBeLessThan(6)
    expect((await refusal('GET', `${path}?box=1:2`)).code).toBe('bad-request')
    expect((await refusal('GET', `${path}?box=0:91,0:1,0:1`)).code).toBe('roi-outside')
  }))
