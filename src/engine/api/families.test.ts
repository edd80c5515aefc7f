import { rm } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boxSize, toZYX } from '../../shared/axes.ts'
import { directionsSchema, temperingSchema, voxelFamilySchema } from '../../shared/directions.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import {
  preparedMaps,
  preparedMember,
  preparedMembers,
  preparedRegion,
  preparedWedge,
  writePreparedRun,
  writePreparedTomogram
} from '../derived/testing/prepared-run.ts'
import { temporaryFolder } from '../runner/testing/small-tomogram.ts'
import { wedgePlane } from '../wedge/mask.ts'
import { testApi } from './test-api.ts'
import type { TestApi } from './test-api.ts'

const size = boxSize(preparedRegion)
const voxels = size.x * size.y * size.z
const wedgeQuery = `tiltAxis=y&beamAxis=z&tiltMin=${preparedWedge.tiltMin}&tiltMax=${preparedWedge.tiltMax}`
let folder = ''
let api: TestApi
let tomogram: OpenVolume
let volumes: OpenVolume[] = []
let runId = ''

beforeAll(async () => {
  folder = await temporaryFolder()
  const path = await writePreparedTomogram(folder)
  await writePreparedRun(path)
  api = await testApi(folder)
  tomogram = await api.json(openVolumeSchema, 'POST', '/api/volumes', { path })
  // Runs are found after the answer; a loop of promises alone would keep the disk from answering.
  while (volumes.length < 1 + Object.keys(preparedMaps).length + preparedMembers) {
    await setImmediate()
    volumes = await api.json(openVolumeSchema.array(), 'GET', '/api/volumes')
  }
  runId = of('mean').runId ?? ''
})
afterAll(async () => {
  await api.api.close()
  await rm(folder, { recursive: true, force: true })
})

function of(role: string): OpenVolume {
  const found = volumes.find((volume) => volume.role === role)
  if (!found) throw new Error(`no ${role}`)
  return found
}

/** Power of the planes across y by a plain DFT, (kz, kx): no code shared with the engine. */
function planePowerByHand(values: Float32Array): Float64Array {
  const power = new Float64Array(size.z * size.x)
  const turns = (n: number): { cos: Float64Array; sin: Float64Array } => ({
    cos: Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n)),
    sin: Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n))
  })
  const along = { x: turns(size.x), z: turns(size.z) }
  for (let y = 0; y < size.y; y++) {
    for (let kx = 0; kx < size.x; kx++) {
      const re = new Float64Array(size.z)
      const im = new Float64Array(size.z)
      for (let z = 0; z < size.z; z++)
        for (let x = 0; x < size.x; x++) {
          const value = values[(z * size.y + y) * size.x + x]
          re[z] += value * along.x.cos[(kx * x) % size.x]
          im[z] -= value * along.x.sin[(kx * x) % size.x]
        }
      for (let kz = 0; kz < size.z; kz++) {
        let a = 0
        let b = 0
        for (let z = 0; z < size.z; z++) {
          const c = along.z.cos[(kz * z) % size.z]
          const s = -along.z.sin[(kz * z) % size.z]
          a += re[z] * c - im[z] * s
          b += re[z] * s + im[z] * c
        }
        power[kz * size.x + kx] += (a * a + b * b) / voxels
      }
    }
  }
  return power
}

describe('directions of a family', () => {
  test('are those of the members’ deviations, added up by hand', async () => {
    const found = await api.json(directionsSchema, 'GET', `/api/families/${runId}/directions?${wedgeQuery}`)
    const power = new Float64Array(size.z * size.x)
    for (let k = 0; k < preparedMembers; k++) {
      const own = planePowerByHand(preparedMember(k).map((value, i) => value - preparedMaps.mean[i]))
      for (let at = 0; at < power.length; at++) power[at] += own[at] / preparedMembers
    }
    const mask = wedgePlane(preparedWedge, toZYX(size)).values
    const total = power.reduce((sum, value) => sum + value, 0)
    const outside = power.reduce((sum, value, at) => sum + value * mask[at], 0)
    const frequencies = mask.reduce((sum, value) => sum + value, 0)
    expect(found.members).toBe(preparedMembers)
    expect(found.taper).toBe('none')
    expect(found.variance / (total / power.length)).toBeCloseTo(1, 4)
    expect(found.measured.share).toBeCloseTo(outside / total, 5)
    expect((found.measured.power ?? 0) / (outside / frequencies)).toBeCloseTo(1, 4)
    expect((found.wedge.power ?? 0) / ((total - outside) / (power.length - frequencies))).toBeCloseTo(1, 4)
    for (const { degrees, power: inBin } of balancedByHand(power))
      expect((found.bins.find((bin) => bin.degrees === degrees)?.power ?? 0) / inBin).toBeCloseTo(1, 3)
  })

  test('of a tomogram are looked at in a part of it, too', async () => {
    const { x, y, z } = preparedRegion
    const box = [x, y, z].map((range) => range.join(':')).join(',')
    const part = await api.json(
      directionsSchema,
      'GET',
      `/api/volumes/${tomogram.id}/directions?${wedgeQuery}&box=${box}`
    )
    const whole = await api.json(directionsSchema, 'GET', `/api/volumes/${tomogram.id}/directions?${wedgeQuery}`)
    expect(part.taper).toBe('hann')
    expect(part.variance).not.toBeCloseTo(whole.variance, 1)
    const refused = await api.refusal('GET', `/api/volumes/${tomogram.id}/directions?${wedgeQuery}&box=0:900,0:4,0:4`)
    expect(refused).toMatchObject({ code: 'roi-outside' })
    expect(await api.refusal('GET', `/api/volumes/${tomogram.id}/directions?tiltAxis=y&beamAxis=y`)).toMatchObject({
      status: 400
    })
  })

  test('come as a picture, zero frequency in the middle', async () => {
    const response = await api.call('GET', `/api/families/${runId}/spectrum?plane=xz`)
    expect([response.headers.get('X-Rows'), response.headers.get('X-Columns')]).toEqual([
      String(size.z),
      String(size.x)
    ])
    const values = new Float32Array(await response.arrayBuffer())
    expect(values.every(Number.isFinite)).toBe(true)
    expect(await api.refusal('GET', '/api/families/none/spectrum?plane=xz')).toMatchObject({ code: 'family-unknown' })
  })
})

describe('one voxel of a family', () => {
  const own = { x: 9, y: 7, z: 5 }
  const at = `x=${preparedRegion.x[0] + own.x}&y=${preparedRegion.y[0] + own.y}&z=${preparedRegion.z[0] + own.z}`
  const index = (own.z * size.y + own.y) * size.x + own.x

  test('has the values of the files', async () => {
    const voxel = await api.json(voxelFamilySchema, 'GET', `/api/families/${runId}/voxel?${at}`)
    for (let k = 0; k < preparedMembers; k++) expect(voxel.members[k]).toBeCloseTo(preparedMember(k)[index], 3)
    expect(voxel.mean).toBeCloseTo(preparedMaps.mean[index], 3)
    expect(voxel.sd).toBeCloseTo(preparedMaps.std[index], 4)
    expect(voxel.wedgeShare).toBeCloseTo(preparedMaps['wedge-share'][index], 5)
    expect(voxel.map).toBeNull()
    expect(voxel.raw).toBeCloseTo(
      (await api.call('GET', `/api/volumes/${tomogram.id}/values?${at}`).then((response) => response.json())).value,
      5
    )
    expect(voxel.tempering).toBeNull()
    expect(await api.refusal('GET', `/api/families/${runId}/voxel?x=0&y=0&z=0`)).toMatchObject({ code: 'roi-outside' })
  })

  test('spreads with the square root of the temperature where no tether is recorded, and says so', async () => {
    const voxel = await api.json(voxelFamilySchema, 'GET', `/api/families/${runId}/voxel?${at}&gamma=4`)
    expect(voxel.tempering).toMatchObject({ kind: 'plain', gamma: 1, to: 4, wedge: 2, measured: 2 })
    expect(voxel.sd).toBeCloseTo(2 * preparedMaps.std[index], 3)
    const mean = preparedMaps.mean[index]
    expect(voxel.mean).toBeCloseTo(mean, 3)
    for (let k = 0; k < preparedMembers; k++)
      expect(voxel.members[k]).toBeCloseTo(mean + 2 * (preparedMember(k)[index] - mean), 2)
    const slice = await api.call('GET', `/api/volumes/${of('std').id}/slice?plane=xz&index=${own.y}&gamma=4`)
    const values = new Float32Array(await slice.arrayBuffer())
    expect(values[own.z * size.x + own.x]).toBeCloseTo(2 * preparedMaps.std[index], 3)
    const tempering = await api.json(temperingSchema, 'GET', `/api/families/${runId}/tempering?gamma=0.25`)
    expect(tempering.wedge).toBe(0.5)
    expect(tempering.reason).toMatch(/does not say whether there was a tether/)
  })
})

/** The curve's definition, spelled out: rings of one pixel along z (20), bins of 2 degrees. */
function balancedByHand(power: Float64Array): { degrees: number; power: number }[] {
  const all: { ring: number; degrees: number; power: number }[] = []
  for (let kz = 0; kz < size.z; kz++)
    for (let kx = 0; kx < size.x; kx++) {
      const [fz, fx] = [signed(kz, size.z), signed(kx, size.x)]
      const radius = Math.hypot(fz, fx)
      if (radius === 0 || radius > 0.5 || fz === -0.5 || fx === -0.5) continue
      const degrees = fx === 0 ? 90 : (Math.atan(fz / fx) * 180) / Math.PI
      all.push({ ring: Math.round(radius * size.z), degrees, power: power[kz * size.x + kx] })
    }
  const mean = (of: readonly { power: number }[]): number => of.reduce((sum, one) => sum + one.power, 0) / of.length
  const rings = [...new Set(all.map(({ ring }) => ring))].map((ring) => all.filter((one) => one.ring === ring))
  return [-67, -31, 1, 45, 71].map((degrees) => {
    let [above, below] = [0, 0]
    for (const ring of rings) {
      const here = ring.filter((one) => Math.floor(one.degrees / 2) === Math.floor(degrees / 2))
      if (here.length === 0) continue
      above += ring.length * mean(here)
      below += ring.length * mean(ring)
    }
    return { degrees, power: (mean(all) * above) / below }
  })
}

function signed(k: number, n: number): number {
  return (2 * k < n ? k : k - n) / n
}
