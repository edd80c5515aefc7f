import type { ZYX } from '../../../shared/axes.ts'
import { boxOf } from './region-voxels.ts'
import type { Warning } from '../../../shared/runs.ts'
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
 * (receptive-field.ts); it is their exact receptive field where that takes up at most half of a tile, else as much of it as does, and the run is
 * warned where even a tenth of the answer comes from further away. The wedge operator's is where all but a hundredth of its kernel's energy lies; it has none along the tilt axis.
 */
export async function chooseHalo(request: PlanRequest, place: HaloPlace): Promise<Halo> {
  const { method, wedge } = request
  const { whole, multiple, fixedBox } = place
  const box = fixedBox ?? probeBox(whole, multiple)
  const withForce = method === 'cryogen-1' || method === 'cryowgen-2'
  const reach = await measureReach({
    bundle: request.bundle,
    wedge,
    volume: await middleOf(request, place, box),
    size: box,
    device: request.device,
    threads: request.threads,
    multiple,
    withForce: withForce && request.sampler !== 'split-gibbs',
    signal: request.signal
  })
  const ringing: ZYX = method === 'cryogen-2' ? [0, 0, 0] : wedgeRinging(wedge)
  const edge = fixedBox ?? whole.map((n) => Math.min(n, place.asked ?? usualEdge))
  // Where it is known already that an axis is not cut, nothing is shared there.
  const isCut = whole.map((n, axis) => n > edge[axis] || (fixedBox === null && place.asked === null))
  const networks = affordable(reach, edge, isCut)
  const wanted = networks.reach.map((n, axis) => (isCut[axis] ? Math.max(n, ringing[axis]) : 0))
  const [z, y, x] = wanted.map((n, axis) => (networks.isExact ? n : Math.min(n, Math.floor(widest * edge[axis]))))
  const isShort = [z, y, x].some((n, axis) => n < wanted[axis])
  return {
    halo: [z, y, x],
    reason:
      `x, y, z: ${networks.what} is ${spoken(networks.reach)} on each side (measured${describeExact(reach)}), ` +
      `the wedge operator's ringing ${spoken(ringing)}`,
    warnings: isShort ? [shortHalo([z, y, x], wanted, Math.max(...edge))] : []
  }
}

/** The edge that a halo has to go with where none was asked for. */
const usualEdge = 96
/** A halo of reach that ends nowhere takes up at most this share of an edge at each face. */
const widest = 3 / 8

interface NetworkReach {
  reach: ZYX
  what: string
  isExact: boolean
}

/** The widest reach that leaves at least half of a tile: the exact one at best. */
function affordable({ exact, effective }: Reach, edge: readonly number[], isCut: readonly boolean[]): NetworkReach {
  const leavesHalf = (reach: ZYX): boolean => reach.every((n, axis) => !isCut[axis] || 4 * n <= edge[axis])
  if (exact && leavesHalf(exact)) return { reach: exact, what: 'the networks’ receptive field', isExact: true }
  const { share, reach } = effective.find((each) => leavesHalf(each.reach)) ?? effective[effective.length - 1]
  return { reach, what: `the networks’ reach to ${100 * share} % of their answer`, isExact: false }
}

function shortHalo(halo: ZYX, wanted: readonly number[], edge: number): Warning {
  return {
    code: 'halo-short',
    message:
      `Tiles of ${edge} voxels leave room for a halo of ${spoken(halo)} voxels (x, y, z), and ${spoken([wanted[0], wanted[1], wanted[2]])} ` +
      'were wanted: what the networks or the wedge carry further is cut off at the tiles’ faces. A larger --tile shows less of it.'
  }
}

/** As much of the region as there is, up to the probe's edge. */
function probeBox(whole: ZYX, multiple: ZYX): ZYX {
  const [z, y, x] = whole.map((n, axis) => Math.min(n, multiple[axis] * Math.ceil(probeEdge / multiple[axis])))
  return [z, y, x]
}

/** The region's middle, on the grid of the tiles. */
function middleOf({ volume, size }: PlanRequest, { whole, multiple }: HaloPlace, box: ZYX): Promise<Float32Array> {
  const [z, y, x] = whole.map((n, axis) => multiple[axis] * Math.floor((n - box[axis]) / 2 / multiple[axis]))
  return boxOf(volume, size, { origin: [z, y, x], size: box })
}

function describeExact({ exact }: Reach): string {
  return exact ? `; the whole receptive field is ${spoken(exact)}` : '; something is carried through the whole box'
}

function spoken([z, y, x]: ZYX): string {
  return `${x}, ${y}, ${z}`
}
