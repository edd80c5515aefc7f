import { boxSize } from '../../shared/axes.ts'
import type { Axis, XYZ } from '../../shared/axes.ts'
import type { Directions } from '../../shared/directions.ts'
import type { Wedge } from '../../shared/wedge.ts'
import type { Volume } from '../volume/volume.ts'
import { voxelCount } from '../volume/volume.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { deviationPower } from './deviation-power.ts'
import { directionalPower } from './directional-power.ts'
import { spectrumBox } from './volume-power.ts'

/** The maps of a family that its directions follow from. */
export interface FamilyVolumes {
  readonly mean: Volume
  /** At least one. */
  readonly members: readonly Volume[]
  /** Boxes that the region was computed in. A single one is periodic: T_M wraps around its faces. */
  readonly tiles: number
}

/** Power of a family's deviations perpendicular to an axis, of the part of its region that stands for it. */
export interface FamilyPower {
  readonly power: SpectralPlane
  /** Of that part. */
  readonly size: XYZ
  readonly taper: Directions['taper']
}

/** What is periodic needs no taper, which would blur the wedge's edges; a part of it, and what was put together from tiles, does. */
export async function familyPower(
  { mean, members, tiles }: FamilyVolumes,
  normal: Axis,
  signal?: AbortSignal
): Promise<FamilyPower> {
  const size = boxSize(spectrumBox(mean.info.size, normal))
  const isWhole = voxelCount(size) === voxelCount(mean.info.size)
  const taper = tiles === 1 && isWhole ? 'none' : 'hann'
  return { power: await deviationPower(mean, members, normal, { taper, signal }), size, taper }
}

/** Directional variance of method.md section 7, around the tilt axis. */
export async function familyDirections(family: FamilyVolumes, wedge: Wedge, signal?: AbortSignal): Promise<Directions> {
  const { power, size, taper } = await familyPower(family, wedge.tiltAxis, signal)
  return { ...directionalPower(power, size, wedge), taper, members: family.members.length }
}
