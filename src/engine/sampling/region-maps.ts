import type { FamilyMaps } from '../posterior/family.ts'
import { toRegion } from './box.ts'
import type { Box } from './box.ts'

/** Family maps without the box's padding. */
export function regionMaps(box: Box, maps: FamilyMaps): FamilyMaps {
  return {
    mean: toRegion(box, maps.mean),
    variance: toRegion(box, maps.variance),
    wedgeVariance: toRegion(box, maps.wedgeVariance),
    measuredVariance: toRegion(box, maps.measuredVariance),
    probability: maps.probability && toRegion(box, maps.probability),
    rHat: maps.rHat && toRegion(box, maps.rHat),
    members: maps.members.map((member) => toRegion(box, member)),
    draws: maps.draws
  }
}
