import type { MapRole } from '../../shared/volumes.ts'

/** A map of a run folder, in the input's grey values (variances: their square; shares and probabilities: 0 to 1; R-hat: a number). */
export interface RunMap {
  readonly role: MapRole
  /** Path inside the run folder. */
  readonly file: string
  readonly values: Float32Array
}

/** A family in the input's grey values, each map (z, y, x), x fastest. */
export interface GreyFamily {
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly wedgeVariance: Float32Array
  readonly measuredVariance: Float32Array
  readonly probability: Float32Array | null
  /** R-hat of each voxel over CryoWGEN-II's chains. */
  readonly rHat: Float32Array | null
  readonly members: readonly Float32Array[]
  /** CryoWGEN-I's A(z*). */
  readonly barycentre: Float32Array | null
}

/** The single volume of the two CryoGEN methods. */
export function pointMaps(map: Float32Array): RunMap[] {
  return [{ role: 'map', file: 'map.mrc', values: map }]
}

/** The maps of the two CryoWGEN methods, method.md section 7. */
export function familyRunMaps(family: GreyFamily): RunMap[] {
  const { mean, variance, wedgeVariance, measuredVariance } = family
  const maps: RunMap[] = [
    { role: 'mean', file: 'mean.mrc', values: mean },
    { role: 'std', file: 'std.mrc', values: standardDeviation(variance) },
    { role: 'variance', file: 'variance.mrc', values: variance },
    { role: 'wedge-variance', file: 'wedge-variance.mrc', values: wedgeVariance },
    { role: 'measured-variance', file: 'measured-variance.mrc', values: measuredVariance },
    { role: 'wedge-share', file: 'wedge-share.mrc', values: wedgeShare(wedgeVariance, measuredVariance) }
  ]
  if (family.probability) maps.push({ role: 'probability', file: 'probability.mrc', values: family.probability })
  if (family.rHat) maps.push({ role: 'r-hat', file: 'r-hat.mrc', values: family.rHat })
  if (family.barycentre) maps.push({ role: 'barycentre', file: 'barycentre.mrc', values: family.barycentre })
  family.members.forEach((values, i) => maps.push({ role: 'member', file: memberFile(i), values }))
  return maps
}

/** Members are numbered from 1. */
export function memberFile(index: number): string {
  return `members/member-${String(index + 1).padStart(3, '0')}.mrc`
}

export function standardDeviation(variance: Float32Array): Float32Array {
  return variance.map((value) => Math.sqrt(Math.max(0, value)))
}

/** wedge / (wedge + measured) per voxel; 0 where nothing varies, since then nothing is filled in either. */
export function wedgeShare(wedgeVariance: Float32Array, measuredVariance: Float32Array): Float32Array {
  return wedgeVariance.map((wedge, i) => {
    const total = wedge + measuredVariance[i]
    return total > 0 ? wedge / total : 0
  })
}
