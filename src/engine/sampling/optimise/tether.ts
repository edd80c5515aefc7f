import type { Stepped } from '../../graph/step-model.ts'
import type { Box } from '../box.ts'
import type { Level } from '../langevin/annealing.ts'
import { tetherPulls } from '../tether-pulls.ts'

/** Whether kappa has a precision for each voxel and pulls: no multiplier in Fourier space then holds the tether's curvature. */
export function hasTetherMap({ conditioning }: Box, beta: number): boolean {
  return beta > 0 && conditioning.precision !== null
}

/**
 * One step up log q* where the tether is beta p_i at voxel i. p spans orders of magnitude, so a step that suits the data leaps over zbar where p is
 * large: the tether is taken at the end of the step instead of its start (forward-backward splitting),
 *
 *     v = z + t (g + beta p (z - zbar)),   z <- (v / t + beta p zbar) / (1 / t + beta p),   t = rate / (max Lambda - beta max p)
 *
 * g = grad log q*, Lambda that of the level, which has the strongest pull everywhere. Rests where g = 0, and comes nearer with every step for any p as long as the rest of Lambda is
 * as stiff as the rest of -log q*. Needs a latent that is the volume.
 */
export function tetheredStep(box: Box, level: Level, at: Stepped, rate: number): Float32Array {
  const { centre, precision } = box.conditioning
  if (!precision || !level.precision) throw new RangeError('A tethered step needs a precision map and a volume.')
  const { beta } = level.weights
  const stiffest = level.precision.reduce((a, b) => Math.max(a, b), 0) - tetherPulls(box, beta).strongest
  return at.position.map((z, i) => {
    const pull = beta * precision[i]
    const free = z + (rate / stiffest) * (at.gradient[i] + pull * (z - centre[i]))
    return ((stiffest / rate) * free + pull * centre[i]) / (stiffest / rate + pull)
  })
}
