import { beforeAll, describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import type { MethodId } from '../../../shared/methods.ts'
import type { RequestedSettings } from '../../../shared/settings.ts'
import type { LoadedBundle } from '../../bundle/load.ts'
import { makeDecoderBundle } from '../oracle/decoder-bundle.ts'
import { colouredSpectrum, makeGaussianProblem, normalField, symmetricWedge } from '../oracle/gaussian-problem.ts'
import type { GaussianProblem } from '../oracle/gaussian-problem.ts'
import type { Reconstruction } from '../problem.ts'
import { resolveSettings } from '../settings.ts'
import { layTiles, voxelsOf } from './geometry.ts'
import type { TileLayout } from './geometry.ts'
import { oneBox, planRegion } from './plan.ts'
import type { TilePlan } from './plan-schema.ts'
import { reconstructRegion } from './region.ts'
import type { RegionCheckpoint, RegionHooks, RegionReconstruction, TileState } from './region.ts'

interface Asked {
  bundle: LoadedBundle
  volume: Float32Array
  size: ZYX
  method: MethodId
  requested: RequestedSettings
}

const quiet = { signal: new AbortController().signal, onProgress: () => undefined }

async function run(
  { bundle, volume, size, method, requested }: Asked,
  plan: TilePlan | 'planned',
  { order, threads = 1, ...hooks }: Partial<RegionHooks> & { order?: readonly number[]; threads?: number } = {}
): Promise<RegionReconstruction & { plan: TilePlan }> {
  const facts = { bundle, wedge: symmetricWedge, volume, size, method, device: 'cpu' as const, threads }
  const used = plan === 'planned' ? (await planRegion({ ...facts, settings: requested })).plan : plan
  const { settings, chosen } = await resolveSettings(requested, bundle, facts)
  return {
    ...(await reconstructRegion({ ...facts, settings, chosen }, used, { ...quiet, ...hooks }, order)),
    plan: used
  }
}

describe('tiles of a convolutional decoder', () => {
  const size: ZYX = [35, 20, 41]
  let asked: Asked
  beforeAll(async () => {
    const volume = normalField(voxelsOf(size), 3)
    asked = { bundle: await makeDecoderBundle(), volume, size, method: 'cryogen-2', requested: {} }
  })

  it('are the whole where nothing is carried further than the halo, which is measured', async () => {
    const whole = await run(asked, 'planned')
    expect(whole.tiles).toBe(1)
    const tiled = await run({ ...asked, requested: { tile: 18 } }, 'planned')
    // Half of a 3 x 3 x 3 convolution on latents, one of them two voxels, and half of one on voxels.
    expect(tiled.plan.halo).toEqual([3, 3, 3])
    expect(tiled.tiles).toBe(4 * 2 * 4)
    let largest = 0
    whole.map?.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - (tiled.map?.[i] ?? NaN)))))
    expect(largest).toBeLessThan(2e-6)
    expect(tiled.misfitPerMeasuredVoxel / whole.misfitPerMeasuredVoxel).toBeCloseTo(1, 1)
  })

  it('draw the same candidates as the whole does', async () => {
    const requested = { candidates: 3, beta: 1, members: 1, gamma: 1e9 }
    const weighted: Asked = { ...asked, method: 'cryowgen-1', requested }
    const whole = await run(weighted, 'planned')
    // At this temperature all weights are equal, so that means compare.
    const plan: TilePlan = { ...oneBox([36, 20, 42]), edge: [20, 20, 20], halo: [4, 4, 4], multiple: [2, 2, 2] }
    const tiled = await run(weighted, plan)
    expect(tiled.tiles).toBeGreaterThan(4)
    whole.family?.mean.forEach((value, i) =>
      expect(Math.abs(value - (tiled.family?.mean[i] ?? NaN))).toBeLessThan(1e-4)
    )
  })
})

describe('tiles of the Gaussian oracle', () => {
  const size: ZYX = [24, 20, 72]
  const weights = { lambda: 4, beta: 0.2, gamma: 1 }
  const requested: RequestedSettings = {
    ...weights,
    steps: 120,
    burnIn: 20,
    thin: 2,
    chains: 4,
    step: 0.4,
    preconditioner: 'fourier',
    integrator: 'euler',
    members: 8,
    threshold: 0,
    tile: 40
  }
  let problem: GaussianProblem
  let asked: Asked
  let tiled: RegionReconstruction & { plan: TilePlan }
  let layout: TileLayout
  beforeAll(async () => {
    problem = await makeGaussianProblem(size, colouredSpectrum, 0.5)
    asked = { bundle: problem.bundle, volume: problem.volume, size, method: 'cryowgen-2', requested }
    tiled = await run(asked, 'planned')
    const { whole, edge, halo, multiple } = tiled.plan
    layout = layTiles(size, whole, edge, halo, multiple)
  }, 120_000)

  /** Mean of a map over each plane of constant x. */
  function alongX(map: Float32Array): Float64Array {
    const out = new Float64Array(size[2])
    map.forEach((value, i) => (out[i % size[2]] += value / (size[0] * size[1])))
    return out
  }
  it('have the halo of the wedge across the tilt axis', () => {
    expect(tiled.plan.halo[2]).toBe(14)
    expect(tiled.tiles).toBe(5)
    expect(layout.tiles.every(({ box }) => box.size[0] === 24 && box.size[1] === 20 && box.size[2] === 40)).toBe(true)
  })

  it('have the same variance at seams as in their middles, and that of the closed form of their box', async () => {
    const { variance, wedgeVariance, measuredVariance, mean: center } = familyOf(tiled)
    const profile = alongX(variance)
    const seams = layout.tiles.slice(1).map(({ core }) => core.origin[2])
    const middles = layout.tiles.map(({ core }) => Math.floor(core.origin[2] + core.size[2] / 2))
    const beside = (places: readonly number[]): number[] => places.flatMap((x) => [profile[x - 1], profile[x]])
    const error = deviation([...profile]) * Math.sqrt(1 / (2 * seams.length) + 1 / (2 * middles.length))
    expect(Math.abs(mean(beside(seams)) - mean(beside(middles)))).toBeLessThan(4 * error)
    // A hundredth, and nowhere near the 40 % that blending independent draws would take away.
    expect(mean(beside(seams)) / mean(beside(middles))).toBeCloseTo(1, 1.5)

    const box = await makeGaussianProblem([24, 20, 40], colouredSpectrum, 0.5)
    const exact = mean([...box.posterior(weights).precision].map((value) => 1 / value))
    // An unadjusted chain's known bias, method.md 8.1.
    const bias = 1 / (1 - 0.4 / 2)
    expect(mean([...variance]) / (bias * exact)).toBeCloseTo(1, 1.5)
    // Parseval holds in each tile's box, and so nearly in what is left of it without its halo.
    expect((mean([...wedgeVariance]) + mean([...measuredVariance])) / mean([...variance])).toBeCloseTo(1, 2)
    const whole = problem.posterior(weights)
    const meanError = deviation([...center].map((value, i) => value - whole.mean[i]))
    expect(meanError / Math.sqrt(exact)).toBeLessThan(0.2)
  })

  it('have an R-hat without seams, that of chains that agree', () => {
    const { rHat } = familyOf(tiled)
    const profile = alongX(rHat ?? new Float32Array(0))
    const seams = layout.tiles.slice(1).map(({ core }) => core.origin[2])
    const error = deviation([...profile])
    for (const x of seams) expect(Math.abs(profile[x] - mean([...profile]))).toBeLessThan(4 * error)
    expect(mean([...profile])).toBeCloseTo(1.03, 1.2)
    expect(Math.min(...profile)).toBeGreaterThan(Math.sqrt(49 / 50))
  })

  it('give members that fit at the seams, and are nearly those of the whole', async () => {
    const members = familyOf(tiled).members
    expect(members).toHaveLength(8)
    const single = await run({ ...asked, requested: { ...requested, tile: null } }, 'planned')
    expect(single.tiles).toBe(1)
    const seams = new Set(layout.tiles.slice(1).map(({ core }) => core.origin[2]))
    const jumps = { seam: [] as number[], elsewhere: [] as number[] }
    for (const [m, member] of members.entries()) {
      for (let i = 0; i < member.length; i++)
        if (i % size[2] > 0) jumps[seams.has(i % size[2]) ? 'seam' : 'elsewhere'].push((member[i] - member[i - 1]) ** 2)
      const other = familyOf(single).members[m]
      // Independent draws would differ by the square root of two of their standard deviation.
      expect(deviation([...member].map((value, i) => value - other[i])) / deviation([...member])).toBeLessThan(0.25)
    }
    expect(mean(jumps.seam) / mean(jumps.elsewhere)).toBeCloseTo(1, 1)
  })

  describe('of a short run', () => {
    let short: Asked
    let first: RegionReconstruction & { plan: TilePlan }
    beforeAll(async () => {
      short = { ...asked, requested: { ...requested, tile: 48, steps: 8, burnIn: 2, members: 2, chains: 2 } }
      first = await run(short, 'planned')
      expect(first.tiles).toBe(3)
    }, 60_000)

    it('come out the same to the bit in any order, and with one thread or two (oracle 8.6)', async () => {
      const permuted = await run(short, first.plan, { order: [2, 0, 1], threads: 2 })
      expect(permuted).toEqual(first)
    }, 60_000)

    it('are kept as they are finished, so that a killed run loses one tile at most', async () => {
      const kept = new Kept()
      await expect(run(short, first.plan, { checkpoint: kept.until(12) })).rejects.toThrow('killed')
      expect(kept.tiles.size).toBe(1)
      const resumed = await run(short, first.plan, { checkpoint: kept.until(Infinity) })
      expect(kept.saves).toBe(3 * 8)
      expect(resumed).toEqual(first)
    }, 60_000)

    it('are kept as far as they go where the run is cancelled', async () => {
      const controller = new AbortController()
      const cancelled = await run(short, first.plan, {
        signal: controller.signal,
        onProgress: ({ phase }) => phase.startsWith('Tile 2') && controller.abort()
      })
      expect(cancelled).toMatchObject({ partial: true, tiles: 3 })
      expect(cancelled.warnings.map(({ code }) => code)).toContain('tiles-missing')
      const { variance, members, rHat } = familyOf(cancelled)
      expect(members).toEqual([])
      expect([...(rHat ?? [])].map(Number.isNaN)).toEqual([...variance].map(Number.isNaN))
      const known = variance.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0) / variance.length
      expect(known).toBeGreaterThan(0.3)
      expect(known).toBeLessThan(0.6)
    }, 60_000)
  })
})

function familyOf({ family }: RegionReconstruction): NonNullable<RegionReconstruction['family']> {
  if (!family) throw new Error('There is no family.')
  return family
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

function deviation(values: readonly number[]): number {
  const center = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)))
}

/** A checkpoint in memory that stops the run at its n-th save. */
class Kept {
  readonly tiles = new Map<number, Reconstruction>()
  state: TileState | null = null
  saves = 0

  until(last: number): RegionCheckpoint {
    return {
      everySeconds: 0,
      load: () => Promise.resolve(this.state),
      loadTile: (index) => Promise.resolve(this.tiles.get(index) ?? null),
      save: (state) => {
        this.state = structuredClone(state)
        return ++this.saves < last ? Promise.resolve() : Promise.reject(new Error('killed'))
      },
      saveTile: (index, result) => {
        this.tiles.set(index, structuredClone(result))
        return Promise.resolve()
      }
    }
  }
}
