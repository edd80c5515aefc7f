import type { ZYX } from '../../../shared/axes.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { wedgeAxes } from '../../wedge/mask.ts'
import { createWedgeOperator } from '../../wedge/operator.ts'

/** Side of the plane that the kernel is looked at in: beyond half of it hardly anything is left. */
const planeSide = 128
/** Share of the kernel's energy that may lie further out: its tail falls off as slowly as the inverse distance. */
const energyBeyond = 0.01

/**
 * How far T_M carries a voxel's value, in voxels along (z, y, x): beyond that distance lies one per cent of its kernel's energy.
 * The kernel of a wedge is flat across the tilt axis: nothing is carried along it.
 */
export function wedgeRinging(wedge: Wedge): ZYX {
  const { tilt, beam, across } = wedgeAxes(wedge)
  const size: [number, number, number] = [planeSide, planeSide, planeSide]
  size[tilt] = 1
  const impulse = new Float32Array(planeSide * planeSide)
  impulse[0] = 1
  const kernel = createWedgeOperator(wedge, size).apply(impulse)
  const [first] = [beam, across].sort((a, b) => a - b)
  const reach = (axis: number): number =>
    reachOf(
      kernel.map((value) => value * value),
      (index) => (axis === first ? Math.floor(index / planeSide) : index % planeSide)
    )
  const out: [number, number, number] = [0, 0, 0]
  out[beam] = reach(beam)
  out[across] = reach(across)
  return out
}

/** Smallest distance from index 0, periodically, beyond which at most the allowed share of the energy lies. */
function reachOf(energy: Float32Array, place: (index: number) => number): number {
  const byDistance = new Float64Array(planeSide / 2 + 1)
  energy.forEach((value, index) => {
    const at = place(index)
    byDistance[Math.min(at, planeSide - at)] += value
  })
  const allowed = energyBeyond * byDistance.reduce((a, b) => a + b, 0)
  let beyond = 0
  for (let distance = byDistance.length - 1; distance > 0; distance--) {
    beyond += byDistance[distance]
    if (beyond > allowed) return distance
  }
  return 0
}
