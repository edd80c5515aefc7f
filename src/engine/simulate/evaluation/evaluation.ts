import type { Box } from '../../../shared/axes.ts'
import type { MethodId } from '../../../shared/methods.ts'
import type { Warning } from '../../../shared/runs.ts'
import type { ByLevel, IntervalSource } from './coverage.ts'
import type { Shell } from './fourier-shells.ts'
import type { SpreadBin } from './spread.ts'

/** How one volume agrees with the truth. */
export interface PointScores {
  /** Mean square of the difference, in the truth's grey values squared. */
  mse: number
  /** Pearson's, over all voxels; null where either is constant. */
  correlation: number | null
  /** The same of (I - T_M) of both: the missing wedge only. null where the volume has nothing there. */
  wedgeCorrelation: number | null
  fsc: Shell[]
  /** Unmeasured frequencies only. */
  fscWedge: Shell[]
  /** Measured frequencies only. */
  fscMeasured: Shell[]
}

/** How honest a family's spread is: of the volume, or of its part in the wedge or outside of it. */
export interface FamilyScores {
  /** Share of voxels whose truth is inside the central interval. */
  coverage: ByLevel<number>
  /** 1 for an honest family, above for a narrow one; null where fewer than four draws are behind the maps. */
  chiSquare: number | null
  /** In grey values, smaller is better. */
  crps: number
  errorSdCorrelation: number | null
  /** Volume averages. */
  variance: number
  squaredError: number
  /** Voxels whose truth has 0, 1, … L members below; null without members. */
  ranks: number[] | null
}

/** The `evaluate` document of cli.md. Keys of a family are null for the methods that give one volume. */
export interface Evaluation extends PointScores {
  run: string
  truth: string
  method: MethodId
  roi: Box
  /** Which volume `mse`, the correlations and the FSC are of. */
  estimate: 'mean' | 'map'
  coverage: ByLevel<number> | null
  coverageWedge: ByLevel<number> | null
  coverageMeasured: ByLevel<number> | null
  /** What each level's interval was made from. */
  intervals: ByLevel<IntervalSource> | null
  chiSquare: number | null
  chiSquareWedge: number | null
  chiSquareMeasured: number | null
  crps: number | null
  crpsWedge: number | null
  crpsMeasured: number | null
  /** The fair score of the members, or a Gaussian's closed form from mean and SD. */
  crpsFrom: IntervalSource | null
  errorSdCorrelation: number | null
  errorSdCorrelationWedge: number | null
  errorSdCorrelationMeasured: number | null
  /** Volume average of the wedge's variance over the measured one's, and the same of the mean's squared error: equal where honest. */
  wedgeVarianceRatio: number | null
  wedgeErrorRatio: number | null
  /** Mean squared error of the members over the mean's: 2 / (1 + 1 / draws) for an exact sampler. */
  memberErrorRatio: number | null
  members: number
  /** Independent draws that the mean and SD maps are worth; null for one volume. */
  effectiveDraws: number | null
  measuredFraction: number
  /** Every volume there was: the tomogram itself, the estimate, members. */
  volumes: ({ name: string } & PointScores)[]
  /** Rank histograms, for reports; null without members. */
  ranks: { all: number[]; wedge: number[]; measured: number[] } | null
  spread: SpreadBin[] | null
  warnings: Warning[]
}
