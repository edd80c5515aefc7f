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
  /** Sum of the counted draws' misfits. */
  misfit: number
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

/** Counts the present state of a chain as a draw of the family. */
export function countDraw(
  record: ChainRecord,
  volume: Float32Array,
  measured: Float32Array,
  probes: number[],
  misfit: number,
  logWeight: number,
  scratch: Float32Array
): void {
  pushMember(record.family, volume, measured, logWeight, scratch)
  if (record.keep.includes(record.counted)) record.family.members.push(volume.slice())
  record.series.push(probes)
  record.misfit += misfit
  record.counted++
}
