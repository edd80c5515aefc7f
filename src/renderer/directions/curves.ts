import type { Directions } from '../../shared/directions.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { ApiFailure } from '../api/failures.ts'
import { getDeviationDirections, getDirections } from '../api/families.ts'
import type { Family } from '../family/families.ts'

export type CurveName = 'raw' | 'mean' | 'deviations'

export interface Curve {
  name: CurveName
  label: string
  about: string
  directions: Directions
}

/** What the curves of a tomogram and a family follow from; the same text, the same curves. */
export function curvesKey(tomogram: OpenVolume, family: Family | null, wedge: Wedge): string {
  const maps = family ? [family.mean, ...family.members].map(({ id, revision }) => `${id}.${revision}`) : []
  return JSON.stringify([tomogram.id, tomogram.revision, maps, wedge])
}

/** Power by direction of the tomogram (in the family's region), of the posterior mean, and of the members' deviations. */
export async function loadCurves(
  tomogram: OpenVolume,
  family: Family | null,
  wedge: Wedge,
  signal: AbortSignal
): Promise<Curve[]> {
  const curves: Curve[] = [
    {
      name: 'raw',
      label: family ? 'tomogram, same region' : 'tomogram',
      about: 'Mean power of the tomogram’s frequencies at each angle.',
      directions: await getDirections(tomogram.id, wedge, family?.box ?? null, signal)
    }
  ]
  if (!family) return curves
  curves.push({
    name: 'mean',
    label: 'posterior mean',
    about: 'Mean power of the posterior mean: what was measured, and what was filled in with certainty.',
    directions: await getDirections(family.mean.id, wedge, null, signal)
  })
  const deviations = await deviationsOf(family, wedge, signal)
  if (deviations)
    curves.push({
      name: 'deviations',
      label: `variance, ${family.members.length} members`,
      about: 'Variance per frequency: power of the members’ deviations from their mean, averaged over the members.',
      directions: deviations
    })
  return curves
}

/** Null while a run has no members yet. */
async function deviationsOf(family: Family, wedge: Wedge, signal: AbortSignal): Promise<Directions | null> {
  if (family.members.length === 0) return null
  try {
    return await getDeviationDirections(family.runId, wedge, signal)
  } catch (error) {
    if (error instanceof ApiFailure && error.failure.code === 'family-without-members') return null
    throw error
  }
}

/** The value of a curve at an angle: that of the bin it lies in; null where the bin holds no frequency. */
export function powerAt({ directions }: Curve, degrees: number, binDegrees: number): number | null {
  const bin = directions.bins.find(({ degrees: centre }) => Math.abs(centre - degrees) <= binDegrees / 2 + 1e-9)
  return bin?.power ?? null
}
