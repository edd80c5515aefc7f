import { logDensity } from '../../graph/step-model.ts'
import type { Stepped, Weights } from '../../graph/step-model.ts'
import type { ChainGroup } from './chains.ts'

/** Where a group of chains stands. */
export type GroupPoint = Pick<
  ChainGroup,
  'position' | 'gradient' | 'drift' | 'volume' | 'measured' | 'logDensity' | 'misfit'
>

/** A step's results as the place it led to. */
export function pointOf(stepped: Stepped, weights: Weights): GroupPoint {
  const { position, gradient, drift, volume, measured, misfit } = stepped
  return {
    position,
    gradient,
    drift,
    volume,
    measured,
    misfit,
    logDensity: misfit.map((_, b) => logDensity(stepped, weights, b))
  }
}

/** Takes chain b's place over from a proposal. */
export function copyChain(from: GroupPoint, to: GroupPoint, b: number, latent: number, voxels: number): void {
  const copy = (source: Float32Array, target: Float32Array, length: number): void =>
    target.set(source.subarray(b * length, (b + 1) * length), b * length)
  copy(from.position, to.position, latent)
  copy(from.gradient, to.gradient, latent)
  if (to.drift !== to.gradient) copy(from.drift, to.drift, latent)
  if (to.volume !== to.position) copy(from.volume, to.volume, voxels)
  copy(from.measured, to.measured, voxels)
  to.logDensity[b] = from.logDensity[b]
  to.misfit[b] = from.misfit[b]
}

export function rootMeanSquare(values: Float32Array, from: number, count: number): number {
  let sum = 0
  for (let i = from; i < from + count; i++) sum += values[i] * values[i]
  return Math.sqrt(sum / count)
}
