import { familyRunMaps, pointMaps, standardDeviation, wedgeShare, type RunMap } from '../posterior/run-maps.ts'
import type { FamilyMaps } from '../posterior/family.ts'
import type { MapSet } from '../sampling/tiles/stitch.ts'
import type { RegionSlabs } from '../sampling/tiles/slabs.ts'
import type { NormalisedInput } from './input.ts'
import { toGreyValues, toGreyVariance } from './normalisation.ts'
import type { PartialMaps } from './partial-pieces.ts'

/** What the maps of a number of sections take while they are put together: the tiles' parts, normalised and in grey values. */
const copies = 3

/** As greyMaps, some sections at a time, for a region whose maps are not held. */
export async function* greyMapsInTurns(
  input: Pick<NormalisedInput, 'normalisation'>,
  slabs: RegionSlabs,
  maps: number,
  bytes: number
): AsyncGenerator<RunMap[]> {
  const [depth, height, width] = slabs.size
  const thickness = Math.max(1, Math.floor(bytes / (copies * maps * 4 * height * width)))
  for (let z = 0; z < depth; z += thickness) yield greyMaps(input, await slabs.read(z, Math.min(depth, z + thickness)))
}

/** The result's maps with the normalisation undone: grey values and their squares. Empty where nothing was kept. */
export function greyMaps(
  { normalisation }: Pick<NormalisedInput, 'normalisation'>,
  { map, family, barycentre }: MapSet
): RunMap[] {
  const grey = (values: Float32Array): Float32Array => toGreyValues(values, normalisation)
  const square = (values: Float32Array): Float32Array => toGreyVariance(values, normalisation)
  if (map) return pointMaps(grey(map))
  if (!family) return []
  return familyRunMaps({
    mean: grey(family.mean),
    variance: square(family.variance),
    wedgeVariance: square(family.wedgeVariance),
    measuredVariance: square(family.measuredVariance),
    probability: family.probability,
    rHat: family.rHat,
    members: family.members.map(grey),
    barycentre: barycentre && grey(barycentre)
  })
}

/** Voxels of members that travel every second: 16 MiB. */
const partialMemberVoxels = 1 << 22

/** The maps a running family shows: mean, SD and wedge share, and the members so far where they are small enough to be sent again and again. */
export function greyPartial({ normalisation, size }: NormalisedInput, family: FamilyMaps): PartialMaps {
  const { mean, variance, wedgeVariance, measuredVariance, draws } = family
  const members = family.members.length * mean.length <= partialMemberVoxels ? family.members : []
  return {
    size,
    members: draws,
    maps: [
      { role: 'mean', values: toGreyValues(mean, normalisation) },
      { role: 'std', values: standardDeviation(toGreyVariance(variance, normalisation)) },
      { role: 'wedge-share', values: wedgeShare(wedgeVariance, measuredVariance) },
      ...members.map((member) => ({ role: 'member' as const, values: toGreyValues(member, normalisation) }))
    ]
  }
}
