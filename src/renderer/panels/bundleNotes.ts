import type { BundleSummary } from '../../shared/bundles.ts'
import type { OpenVolume } from '../../shared/volumes.ts'

/** What a person should know before running this bundle on this tomogram (bundle.md). */
export function bundleNotes(bundle: BundleSummary, tomogram: OpenVolume): string[] {
  const notes = bundle.problems.map(({ message, hint }) => `${message} ${hint}`)
  const trained = bundle.voxelSizeAngstrom
  const actual = tomogram.info.voxelSizeAngstrom?.x
  if (trained && actual && Math.abs(actual / trained - 1) > 0.25)
    notes.push(
      `Made for a voxel size of ${trained} Å, this tomogram has ${Number(actual.toPrecision(4))} Å: more than 25 % apart.`
    )
  return notes
}
