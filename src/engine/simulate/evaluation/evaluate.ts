import type { ZYX } from '../../../shared/axes.ts'
import type { Warning } from '../../../shared/runs.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { broadcastPlane } from '../../wedge/mask.ts'
import { createWedgeOperator, type WedgeOperator } from '../../wedge/operator.ts'
import { byLevel, gaussianCoverage, intervalSource, probabilityOf, rankCoverage, Ranks } from './coverage.ts'
import type { Evaluation, FamilyScores, PointScores } from './evaluation.ts'
import { shellCorrelator, type ShellCurves } from './fourier-shells.ts'
import {
  chiSquare,
  correlation,
  errorSdCorrelation,
  fairCrpsSum,
  gaussianCrps,
  meanOf,
  meanSquaredError,
  slope
} from './scores.ts'
import { spreadBins } from './spread.ts'

/** A family as its run folder keeps it. All maps (z, y, x), in the truth's grey values, variances in their square. */
export interface FamilyToEvaluate {
  readonly mean: Float32Array
  /** Population variances of x, (I - T_M) x and T_M x. */
  readonly variance: Float32Array
  readonly wedgeVariance: Float32Array
  readonly measuredVariance: Float32Array
  /** Independent draws that these maps are worth; Infinity where they are the posterior's own. */
  readonly draws: number
  readonly members: number
  /** Members are read one at a time. */
  readMember(index: number): Promise<Float32Array>
}

export interface EvaluationInput {
  readonly size: ZYX
  /** null where not known. */
  readonly voxelSizeAngstrom: number | null
  readonly wedge: Wedge
  readonly truth: Float32Array
  readonly result: { readonly family: FamilyToEvaluate } | { readonly map: Float32Array }
  /** Further volumes to compare with the truth: the tomogram itself above all. */
  readonly others: readonly { readonly name: string; readonly values: Float32Array }[]
}

export interface EvaluationHooks {
  readonly signal: AbortSignal
  readonly onProgress: (phase: string, fraction: number) => void
}

export type Scores = Omit<Evaluation, 'run' | 'truth' | 'method' | 'roi'>

/** Voxels whose members are held together for the CRPS: all of a box up to 101^3, else evenly spread ones. */
const crpsVoxels = 2 ** 20
const spreadGroups = 12
/** Fewer draws than this carry no spread that an interval could be made from. */
const fewestDraws = 2
/** Below this share of its power a volume has nothing in the wedge but rounding. */
const roundingPower = 1e-10

/** Everything of method.md section 7 "with a ground truth". */
export async function evaluate(input: EvaluationInput, { signal, onProgress }: EvaluationHooks): Promise<Scores> {
  const { size, wedge, truth, result, others } = input
  const step = async (phase: string, fraction: number): Promise<void> => {
    onProgress(phase, fraction)
    await new Promise((resume) => setImmediate(resume))
    signal.throwIfAborted()
  }
  await step('Comparing with the truth', 0)
  const operator = createWedgeOperator(wedge, size)
  const compare = comparer(input, operator)
  const volumes: Evaluation['volumes'] = []
  for (const { name, values } of others) volumes.push({ name, ...compare(values) })
  await step('Comparing with the truth', 0.1)

  const isFamily = 'family' in result
  const estimate = isFamily ? result.family.mean : result.map
  const point = compare(estimate)
  volumes.push({ name: isFamily ? 'mean' : 'map', ...point })
  await step('Comparing with the truth', 0.2)
  const common = { ...point, measuredFraction: operator.measuredFraction }
  const warnings = unitWarnings(estimate, truth)
  if (!isFamily) return { ...noFamily, ...common, estimate: 'map', volumes, warnings }

  const { family } = result
  const parts = await familyParts(truth, family, operator, step, (name, member) =>
    volumes.push({ name, ...compare(member) })
  )
  const { all, wedge: hidden, measured } = parts
  const errors = volumes.filter(({ name }) => name.startsWith('member'))
  return {
    ...common,
    estimate: 'mean',
    coverage: all.coverage,
    coverageWedge: hidden.coverage,
    coverageMeasured: measured.coverage,
    intervals: byLevel((level) => intervalSource(level, family.members)),
    chiSquare: all.chiSquare,
    chiSquareWedge: hidden.chiSquare,
    chiSquareMeasured: measured.chiSquare,
    crps: all.crps,
    crpsWedge: hidden.crps,
    crpsMeasured: measured.crps,
    crpsFrom: family.members >= 2 ? 'members' : 'gaussian',
    errorSdCorrelation: all.errorSdCorrelation,
    errorSdCorrelationWedge: hidden.errorSdCorrelation,
    errorSdCorrelationMeasured: measured.errorSdCorrelation,
    wedgeVarianceRatio: ratio(hidden.variance, measured.variance),
    wedgeErrorRatio: ratio(hidden.squaredError, measured.squaredError),
    memberErrorRatio: errors.length > 0 ? ratio(meanOf(errors.map(({ mse }) => mse)), point.mse) : null,
    members: family.members,
    effectiveDraws: Number.isFinite(family.draws) ? family.draws : null,
    volumes,
    ranks:
      all.ranks && hidden.ranks && measured.ranks
        ? { all: all.ranks, wedge: hidden.ranks, measured: measured.ranks }
        : null,
    spread: spreadBins(truth, family.mean, family.variance, spreadGroups),
    warnings: [...warnings, ...familyWarnings(family)]
  }
}

const noFamily = {
  coverage: null,
  coverageWedge: null,
  coverageMeasured: null,
  intervals: null,
  chiSquare: null,
  chiSquareWedge: null,
  chiSquareMeasured: null,
  crps: null,
  crpsWedge: null,
  crpsMeasured: null,
  crpsFrom: null,
  errorSdCorrelation: null,
  errorSdCorrelationWedge: null,
  errorSdCorrelationMeasured: null,
  wedgeVarianceRatio: null,
  wedgeErrorRatio: null,
  memberErrorRatio: null,
  members: 0,
  effectiveDraws: null,
  ranks: null,
  spread: null
} as const

function comparer(
  { truth, size, voxelSizeAngstrom }: EvaluationInput,
  operator: WedgeOperator
): (volume: Float32Array) => PointScores {
  const hidden = operator.complement(truth)
  const shells = shellCorrelator(truth, size, broadcastPlane(operator.plane, size), voxelSizeAngstrom)
  return (volume) => {
    const inWedge = operator.complement(volume)
    const hasWedge = powerOf(inWedge) > roundingPower * powerOf(volume)
    const curves: ShellCurves = shells(volume)
    return {
      mse: meanSquaredError(volume, truth),
      correlation: correlation(volume, truth),
      wedgeCorrelation: hasWedge ? correlation(inWedge, hidden) : null,
      fsc: curves.all,
      // What rounding left there correlates with nothing, and would be drawn as if it meant something.
      fscWedge: hasWedge ? curves.wedge : curves.wedge.map((shell) => ({ ...shell, correlation: null })),
      fscMeasured: curves.measured
    }
  }
}

function powerOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}

/** One of the three: the volume, its part in the wedge, its measured part. */
interface Part {
  readonly truth: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly ranks: Ranks
  /** Of each member, the voxels that the CRPS is computed on. */
  readonly sampled: Float32Array[]
}

async function familyParts(
  truth: Float32Array,
  family: FamilyToEvaluate,
  operator: WedgeOperator,
  step: (phase: string, fraction: number) => Promise<void>,
  onMember: (name: string, member: Float32Array) => void
): Promise<{ all: FamilyScores; wedge: FamilyScores; measured: FamilyScores }> {
  const { mean, members, draws } = family
  const part = (truthPart: Float32Array, meanPart: Float32Array, variance: Float32Array): Part => ({
    truth: truthPart,
    mean: meanPart,
    variance,
    ranks: new Ranks(truthPart),
    sampled: []
  })
  const all = part(truth, mean, family.variance)
  const hidden = part(operator.complement(truth), operator.complement(mean), family.wedgeVariance)
  const measured = part(operator.apply(truth), operator.apply(mean), family.measuredVariance)
  const sample = sampler(truth.length)
  for (let index = 0; index < members; index++) {
    await step('Comparing members', 0.25 + (0.65 * index) / members)
    const member = await family.readMember(index)
    onMember(`member ${index + 1}`, member)
    const recorded = operator.apply(member)
    const rest = member.map((value, i) => value - recorded[i])
    for (const [each, values] of [
      [all, member],
      [hidden, rest],
      [measured, recorded]
    ] as const) {
      each.ranks.add(values)
      each.sampled.push(sample(values))
    }
  }
  await step('Comparing the spread', 0.92)
  const scores = (each: Part): FamilyScores => scoresOf(each, sample(each.truth), members, draws)
  return { all: scores(all), wedge: scores(hidden), measured: scores(measured) }
}

/** Evenly spread voxels, all of them in a small box. An odd stride, so that no plane of a box of even sides is left out. */
function sampler(voxels: number): (values: Float32Array) => Float32Array {
  const stride = voxels <= crpsVoxels ? 1 : 2 * Math.floor(voxels / crpsVoxels / 2 + 0.5) + 1
  if (stride === 1) return (values) => values.slice()
  return (values) => Float32Array.from({ length: Math.ceil(voxels / stride) }, (_, i) => values[i * stride])
}

function scoresOf(part: Part, sampledTruth: Float32Array, members: number, draws: number): FamilyScores {
  const { truth, mean, variance, ranks, sampled } = part
  const counts = ranks.counts()
  const usable = Math.max(fewestDraws, draws)
  return {
    coverage: byLevel((level) =>
      intervalSource(level, members) === 'members'
        ? rankCoverage(counts, probabilityOf(level))
        : gaussianCoverage(truth, mean, variance, usable, probabilityOf(level))
    ),
    chiSquare: chiSquare(truth, mean, variance, draws).value,
    crps: members >= 2 ? fairCrpsSum(sampledTruth, sampled) / sampledTruth.length : gaussianCrps(truth, mean, variance),
    errorSdCorrelation: errorSdCorrelation(truth, mean, variance),
    variance: meanOf(variance),
    squaredError: meanSquaredError(truth, mean),
    ranks: members > 0 ? [...counts] : null
  }
}

function ratio(a: number, b: number): number | null {
  return b > 0 ? a / b : null
}

function unitWarnings(estimate: Float32Array, truth: Float32Array): Warning[] {
  const found = slope(estimate, truth)
  if (found === null || (found > 0.5 && found < 2)) return []
  return [
    {
      code: 'units-differ',
      message:
        `The truth is about ${found.toPrecision(3)} times the reconstruction: if their grey values are not in the same units, ` +
        'nothing here but correlations and FSC means anything.'
    }
  ]
}

function familyWarnings({ draws, members, variance }: FamilyToEvaluate): Warning[] {
  const warnings: Warning[] = []
  if (draws <= 3)
    warnings.push({
      code: 'draws-few',
      message:
        `The maps are worth ${draws.toFixed(1)} independent draws: too few for a chi-square, and intervals made from ` +
        'them are so wide that their coverage says little.'
    })
  if (members > draws)
    warnings.push({
      code: 'members-dependent',
      message:
        `There are ${members} members, worth ${draws.toFixed(1)} independent draws: intervals and CRPS from members take ` +
        'them for independent, and come out a little worse than the family is.'
    })
  let still = 0
  for (const value of variance) if (!(value > 0)) still++
  if (still > 0)
    warnings.push({
      code: 'no-spread',
      message: `${still} voxels have no spread at all; they count as missed in coverage and are left out of chi-square.`
    })
  return warnings
}
