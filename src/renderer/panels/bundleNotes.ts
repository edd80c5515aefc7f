import type { BundleSummary } from '../../shared/bundles.ts'
import type { OpenVolume } from '../../shared/volumes.ts'

/** Remarks that only the bundle's author can do something about; `wedgeview bundle check` makes them. Sigma's own field says how it is found. */
const forAuthors: ReadonlySet<string> = new Set(['bundle-no-noise', 'bundle-no-voxel-size'])

export interface BundleNote {
  message: string
  /** What the networks were trained at, where a copy of the tomogram at that voxel size would do better. */
  resampleTo: number | null
}

/** What a person should know before running this bundle on this tomogram (bundle.md). */
export function bundleNotes(bundle: BundleSummary, tomogram: OpenVolume): BundleNote[] {
  const notes: BundleNote[] = bundle.problems
    .filter(({ code }) => !forAuthors.has(code))
    .map(({ message }) => ({ message, resampleTo: null }))
  const trained = bundle.voxelSizeAngstrom
  const actual = tomogram.info.voxelSizeAngstrom?.x
  if (trained && actual && Math.abs(actual / trained - 1) > 0.25)
    notes.push({
      message: `Made for a voxel size of ${trained} Å, this tomogram has ${Number(actual.toPrecision(4))} Å: more than 25 % apart.`,
      resampleTo: trained
    })
  return notes
}
