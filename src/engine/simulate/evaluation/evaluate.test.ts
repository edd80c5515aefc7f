import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { defaultWedge } from '../../../shared/wedge.ts'
import { createFamily, familyMaps, pushMember } from '../../posterior/family.ts'
import { fillNormal } from '../../sampling/noise/normal.ts'
import { createWedgeOperator } from '../../wedge/operator.ts'
import { levels, probabilityOf } from './coverage.ts'
import { evaluate, type FamilyToEvaluate, type Scores } from './evaluate.ts'

const size: ZYX = [32, 36, 33]
const voxels = 32 * 36 * 33
const wedge = defaultWedge
const operator = createWedgeOperator(wedge, size)
const noiseVariance = 0.5
const hooks = { signal: new AbortController().signal, onProgress: () => undefined }

function noise(chain: number): Float32Array {
  const out = new Float32Array(voxels)
  fillNormal(out, 0, voxels, 0, { seed: 3, chain, step: 4, purpose: 'simulation' })
  return out
}

/**
 * Truth x ~ N(0, I), y = T_M x + T_M n. The posterior is known (method.md 8.1): in the wedge it is the prior, variance 1; in the measured
 * region mean y / (1 + s2), variance s2 / (1 + s2).
 */
const shrink = 1 / (1 + noiseVariance)
const measuredSd = Math.sqrt(noiseVariance * shrink)
const truth = noise(0)
const recorded = noise(1)
const tomogram = operator.apply(truth.map((value, i) => value + Math.sqrt(noiseVariance) * recorded[i]))
const posteriorMean = tomogram.map((value) => shrink * value)

function draw(index: number): Float32Array {
  const white = noise(100 + index)
  const inside = operator.apply(white)
  return posteriorMean.map((value, i) => value + measuredSd * inside[i] + white[i] - inside[i])
}

function sampled(members: number, kept = members): FamilyToEvaluate {
  const family = createFamily(voxels, null)
  const drawn = Array.from({ length: members }, (_, index) => draw(index))
  for (const member of drawn) pushMember(family, member, operator.apply(member))
  const { mean, variance, wedgeVariance, measuredVariance } = familyMaps(family)
  const readMember = async (index: number): Promise<Float32Array> => drawn[index]
  return { mean, variance, wedgeVariance, measuredVariance, draws: members, members: kept, readMember }
}

function score(family: FamilyToEvaluate): Promise<Scores> {
  const others = [{ name: 'tomogram', values: tomogram }]
  return evaluate({ size, voxelSizeAngstrom: 10, wedge, truth, result: { family }, others }, hooks)
}

/** Filtered voxels are not independent: 6 standard errors of independent ones. */
function error(share: number): number {
  return 6 * Math.sqrt((share * (1 - share)) / voxels)
}

describe('an exact sampler', () => {
  it.each([
    [39, 39, 'members'],
    [12, 0, 'gaussian']
  ])('with %d draws and %d members is found honest everywhere', async (draws, members, source) => {
    const found = await score(sampled(draws, members))
    for (const part of ['coverage', 'coverageWedge', 'coverageMeasured'] as const)
      for (const level of levels) {
        const share = probabilityOf(level)
        expect(Math.abs((found[part]?.[level] ?? 0) - share)).toBeLessThan(error(share))
      }
    expect(found.intervals?.['95']).toBe(source)
    for (const part of ['chiSquare', 'chiSquareWedge', 'chiSquareMeasured'] as const)
      expect(Math.abs((found[part] ?? 0) - 1)).toBeLessThan(0.03)
    const fraction = operator.measuredFraction
    const hidden = 1 - fraction
    const measured = fraction * measuredSd ** 2
    expect(found.wedgeVarianceRatio).toBeCloseTo(hidden / measured, 1)
    expect((found.wedgeErrorRatio ?? 0) / (found.wedgeVarianceRatio ?? 1)).toBeCloseTo(1, 1)
    // The mean's error is the posterior's variance and that of the mean of so many draws.
    expect(found.mse / ((hidden + measured) * (1 + 1 / draws))).toBeCloseTo(1, 1)
    const spread = Math.sqrt(hidden + measured)
    if (members > 0) {
      expect((found.memberErrorRatio ?? 0) / (2 / (1 + 1 / draws))).toBeCloseTo(1, 1)
      expect((found.crps ?? 0) / (spread / Math.sqrt(Math.PI))).toBeCloseTo(1, 1.7)
      expect((found.crpsWedge ?? 0) / Math.sqrt(hidden / Math.PI)).toBeCloseTo(1, 1.7)
      expect(found.ranks?.wedge).toHaveLength(members + 1)
    } else {
      expect(found.memberErrorRatio).toBeNull()
      expect(found.crpsFrom).toBe('gaussian')
      expect(found.ranks).toBeNull()
    }
    expect(found.warnings).toEqual([])
  })
})

describe('a family too narrow by a factor 2 in the wedge only', () => {
  it('is found so there and nowhere else', async () => {
    // The family's own maps, as infinitely many draws would give them.
    const constant = (value: number): Float32Array => new Float32Array(voxels).fill(value)
    const hidden = 1 - operator.measuredFraction
    const measured = operator.measuredFraction * measuredSd ** 2
    const found = await score({
      mean: posteriorMean,
      variance: constant(hidden / 4 + measured),
      wedgeVariance: constant(hidden / 4),
      measuredVariance: constant(measured),
      draws: Infinity,
      members: 0,
      readMember: () => Promise.reject(new Error('there are none'))
    })
    expect(found.effectiveDraws).toBeNull()
    // 2 Phi(1.6449 / 2) - 1.
    expect(Math.abs((found.coverageWedge?.['90'] ?? 0) - 0.5892)).toBeLessThan(error(0.59))
    expect(Math.abs((found.coverageMeasured?.['90'] ?? 0) - 0.9)).toBeLessThan(error(0.9))
    expect(found.chiSquareWedge).toBeCloseTo(4, 0)
    expect(found.chiSquareMeasured).toBeCloseTo(1, 1)
    expect((found.wedgeErrorRatio ?? 0) / (found.wedgeVarianceRatio ?? 1)).toBeCloseTo(4, 0)
  })
})

describe('single volumes', () => {
  it('have the correlations that the model predicts, and no family scores', async () => {
    const found = await evaluate(
      {
        size,
        voxelSizeAngstrom: null,
        wedge,
        truth,
        result: { map: posteriorMean },
        others: [{ name: 'tomogram', values: tomogram }]
      },
      hooks
    )
    const fraction = operator.measuredFraction
    // corr(x, T_M(x + n)) = M / sqrt(M (1 + s2)).
    expect(found.correlation).toBeCloseTo(Math.sqrt(fraction * shrink), 2)
    expect(found.wedgeCorrelation).toBeNull()
    for (const { correlation } of found.fscWedge) expect(correlation).toBeNull()
    for (const { correlation, coefficients } of found.fscMeasured)
      expect(Math.abs((correlation ?? 0) - Math.sqrt(shrink))).toBeLessThan(5 / Math.sqrt(coefficients))
    expect(found.estimate).toBe('map')
    expect(found.coverage).toBeNull()
    expect(found.chiSquare).toBeNull()
    expect(found.members).toBe(0)
    expect(found.volumes.map(({ name }) => name)).toEqual(['tomogram', 'map'])
  })
})

describe('what can’t be trusted', () => {
  it('is said: other units, few draws, more members than draws, voxels that stand still', async () => {
    const family = sampled(5)
    const codes = async (changes: Partial<FamilyToEvaluate>): Promise<string[]> =>
      (await score({ ...family, ...changes })).warnings.map(({ code }) => code)
    expect(await codes({ mean: family.mean.map((value) => 10 * value) })).toContain('units-differ')
    expect(await codes({ draws: 2.5 })).toEqual(['draws-few', 'members-dependent'])
    const variance = family.variance.slice()
    variance[7] = 0
    expect(await codes({ variance })).toContain('no-spread')
  })
})
