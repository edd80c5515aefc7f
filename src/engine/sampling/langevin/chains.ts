import type { Settings } from '../../../shared/settings.ts'
import { createFamily, pushMember } from '../../posterior/family.ts'
import type { FamilyAccumulator } from '../../posterior/family.ts'
import type { RmspropState } from './rmsprop.ts'

/**
 * A batch of chains that goes through the networks together, as plain data: with the accumulators it is all
 * that a run needs to go on from where it stopped.
 */
export interface ChainGroup {
  /** Number of the first chain; the others follow. */
  first: number
  count: number
  /** z, g, P g: (count, c, latent size). */
  position: Float32Array
  gradient: Float32Array
  drift: Float32Array
  /** A(z) and T_M A(z): (count, D, H, W). */
  volume: Float32Array
  measured: Float32Array
  logDensity: number[]
  /** |T_M (y - A(z))|^2. */
  misfit: number[]
  /** Diagonal preconditioner's memory, one a chain; empty without one. */
  rmsprop: RmspropState[]
}

/** What one chain has given so far. Chains are kept apart so that a diverged one can be left out whole. */
export interface ChainRecord {
  chain: number
  family: FamilyAccumulator
  /** Values of the probes, one list a counted draw. */
  series: number[][]
  /** Weighted sum of the counted draws' misfits, and the sum of their weights: 1 each, or as their steps decay. */
  misfit: number
  weight: number
  counted: number
  /** Counted draws that are kept as members, by index. */
  keep: number[]
  diverged: boolean
}

export function createRecord(chain: number, voxels: number, settings: Settings): ChainRecord {
  return {
    chain,
    family: createFamily(voxels, settings.threshold),
    series: [],
    misfit: 0,
    weight: 0,
    counted: 0,
    keep: membersOf(chain, settings),
    diverged: false
  }
}

/** How many draws of each chain are counted: every `thin`-th step after the burn-in. */
export function countedDraws({ steps, burnIn, thin }: Settings): number {
  return Math.max(0, Math.floor((steps - burnIn) / thin))
}

/** Members are dealt out to the chains in turn; each chain's are spread evenly over its counted draws, the last included. */
export function membersOf(chain: number, settings: Settings): number[] {
  const draws = countedDraws(settings)
  const share = Math.floor(settings.members / settings.chains) + (chain < settings.members % settings.chains ? 1 : 0)
  const wanted = Math.min(share, draws)
  return Array.from({ length: wanted }, (_, i) => Math.floor(((i + 1) * draws) / wanted) - 1)
}

/**
 * Counts the present state of a chain as a draw of the family, with a weight: Welling and Teh (2011) weigh draws of a decaying chain by their
 * step, since a chain moves the less between two of them the shorter it is.
 */
export function countDraw(
  record: ChainRecord,
  volume: Float32Array,
  measured: Float32Array,
  probes: number[],
  misfit: number,
  weight: number,
  scratch: Float32Array
): void {
  pushMember(record.family, volume, measured, Math.log(weight), scratch)
  if (record.keep.includes(record.counted)) record.family.members.push(volume.slice())
  record.series.push(probes)
  record.misfit += weight * misfit
  record.weight += weight
  record.counted++
}
