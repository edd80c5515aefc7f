import type { LoadedBundle } from '../bundle/load.ts'
import type { MethodId } from '../../shared/methods.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import { isWithoutRotations } from '../graph/networks.ts'
import type { Prior } from '../graph/networks.ts'
import { boxRotations, randomRotation } from '../graph/rotation.ts'
import type { Matrix3 } from '../graph/rotation.ts'
import type { Box } from './box.ts'
import { drawUniform } from './noise/normal.ts'

/** The rotation that each of some successive chains has at a step; undefined for a prior that sees the volume as it lies. */
export function drawRotations(
  box: Box,
  seed: number,
  firstChain: number,
  count: number,
  step: number
): Matrix3[] | undefined {
  const spec = box.networks.prior?.spec
  if (!spec || isWithoutRotations(spec)) return undefined
  const turns = spec.rotations === 'cube' ? boxRotations(box.size) : null
  return Array.from({ length: count }, (_, i) => {
    const key = { seed, chain: firstChain + i, step, purpose: 'rotation' } as const
    if (turns) return turns[Math.min(turns.length - 1, Math.floor(turns.length * drawUniform(key)))]
    return randomRotation(drawUniform(key, 0), drawUniform(key, 1), drawUniform(key, 2))
  })
}

/** Why a method can't work with a prior; null where it can. */
export function reasonAgainstPrior(method: MethodId, spec: Prior | null): string | null {
  if (method !== 'cryowgen-1' || !spec || spec.kind === 'energy') return null
  return `A ${spec.kind} gives the prior's gradient only, and CryoWGEN-I weighs candidates by its value.`
}

/** True where log q* has a value, and the same at every look: a Metropolis decision and a line search need that. */
export function hasPotential(spec: Prior | null): boolean {
  return !spec || (spec.kind === 'energy' && isWithoutRotations(spec))
}

/** @throws {WedgeviewError} input / prior-unsuitable */
export function assertPriorFits(method: MethodId, spec: Prior | null, mala: boolean): void {
  const reason = reasonAgainstPrior(method, spec)
  if (reason !== null)
    throw new WedgeviewError('input', 'prior-unsuitable', reason, 'Use CryoWGEN-II with this bundle.')
  if (method === 'cryowgen-2' && mala && !hasPotential(spec))
    throw new WedgeviewError(
      'input',
      'prior-unsuitable',
      'A Metropolis correction needs the posterior’s value, the same at every look; this bundle’s prior gives its ' +
        (spec?.kind === 'energy' ? 'energy at a random rotation.' : 'gradient only.'),
      'Leave --mala out.'
    )
}

/** @throws {WedgeviewError} input / preconditioner-unsuitable */
export function assertPreconditionerFits({ manifest }: LoadedBundle, preconditioner: Settings['preconditioner']): void {
  if (preconditioner !== 'fourier' || manifest.latent === 'volume') return
  throw new WedgeviewError(
    'input',
    'preconditioner-unsuitable',
    'The Fourier preconditioner needs a bundle whose latent is the volume.',
    'Use --preconditioner none or rmsprop with this bundle.'
  )
}
