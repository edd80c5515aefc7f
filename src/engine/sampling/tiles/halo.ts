import type { ZYX } from '../../../shared/axes.ts'
import type { Warning } from '../../../shared/runs.ts'
import { cutBox } from './blend.ts'
import type { PlanRequest } from './plan.ts'
import { measureReach } from './receptive-field.ts'
import type { Reach } from './receptive-field.ts'
import { wedgeRinging } from './ringing.ts'

export interface Halo {
  halo: ZYX
  reason: string
  warnings: Warning[]
}

interface HaloPlace {
  whole: ZYX
  multiple: ZYX
  /** The only box that the networks take. */
  fixedBox: ZYX | null
  /** Edge of a tile as asked for. */
  asked: number | null
}

/** Edge of the box of real data in which the networks' reach is measured. */
const probeEdge = 64

/**
 * The halo of a tile: what the networks and the wedge operator carry across its faces. The networks' part is measured
 * (receptive-field.ts); it is their exact receptive field where that takes up at most half of a tile, else what all but a hundredth of their
 * answer depends on. The wedge operator's is where all but a hundredth of its kernel's energy lies; it has none along the tilt axis.
 */
export async function chooseHalo(request: PlanRequest, place: HaloPlace): Promise<Halo> {
  const { method, wedge } = request
  const { whole, multiple, fixedBox } = place
  const box = fixedBox ?? probeBox(whole, multiple)
  const withForce = method === 'cryogen-1' || method === 'cryowgen-2'
  const reach = await measureReach({
    bundle: request.bundle,
    wedge,
    volume: middleOf(request, place, box),
    size: box,
    device: request.device,
    threads: request.threads,
    multiple,
    withForce: withForce && request.sampler !== 'split-gibbs'
  })
  const ringing: ZYX = method === 'cryogen-2' ? [0, 0, 0] : wedgeRinging(wedge)
  const edge = fixedBox ?? whole.map((n) => Math.min(n, place.asked ?? n))
  const isExactAffordable = reach.exact !== null && reach.exact.every((n, axis) => 4 * n <= edge[axis])
  const networks = isExactAffordable && reach.exact ? reach.exact : reach.effective
  const halo: ZYX = [
    Math.max(networks[0], ringing[0]),
    Math.max(networks[1], ringing[1]),
    Math.max(networks[2], ringing[2])
  ]
  return {
    halo,
    reason:
      `x, y, z: the networks' ${isExactAffordable ? 'receptive field' : 'reach to a hundredth'} is ${spoken(networks)} on each side ` +
      `(measured${describeExact(reach, isExactAffordable)}), the wedge operator's ringing ${spoken(ringing)}`,
    warnings: []
  }
}

/** As much of the region as there is, up to the probe's edge. */
function probeBox(whole: ZYX, multiple: ZYX): ZYX {
  const [z, y, x] = whole.map((n, axis) => Math.min(n, multiple[axis] * Math.ceil(probeEdge / multiple[axis])))
  return [z, y, x]
}

/** The region's middle, on the grid of the tiles. */
function middleOf({ volume, size }: PlanRequest, { whole, multiple }: HaloPlace, box: ZYX): Float32Array {
  const [z, y, x] = whole.map((n, axis) => multiple[axis] * Math.floor((n - box[axis]) / 2 / multiple[axis]))
  return cutBox(volume, size, { origin: [z, y, x], size: box })
}

function describeExact({ exact }: Reach, isUsed: boolean): string {
  if (isUsed) return ''
  return exact
    ? `; the whole receptive field is ${spoken(exact)}`
    : '; something of it is carried through the whole box'
}

function spoken([z, y, x]: ZYX): string {
  return `${x}, ${y}, ${z}`
}
