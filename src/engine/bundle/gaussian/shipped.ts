import { toZYX, wholeBox } from '../../../shared/axes.ts'
import type { BundleSummary } from '../../../shared/bundles.ts'
import { defaultWedge } from '../../../shared/wedge.ts'
import { openVolume } from '../../volume/open-volume.ts'
import { makeGaussianBundle } from './gaussian.ts'

/** Makes the analytic bundle that ships with the program from the sample tomogram. */
export async function makeShippedGaussianBundle(samplePath: string, out: string): Promise<BundleSummary> {
  const volume = await openVolume(samplePath)
  try {
    const { size, voxelSizeAngstrom } = volume.info
    return await makeGaussianBundle({
      volume: await volume.readBox(wholeBox(size)),
      size: toZYX(size),
      voxelSizeAngstrom: voxelSizeAngstrom ? Number(voxelSizeAngstrom.x.toFixed(3)) : null,
      // The sample's stated range, about +-60 degrees about y.
      wedge: { ...defaultWedge, tiltMin: -60, tiltMax: 60 },
      out,
      name: 'gaussian',
      source: 'microtubule-13pf.mrc',
      contrast: 'light-on-dark',
      // Derived from the sample, so under its licence.
      license: 'BSD-3-Clause',
      date: '2026-11-20'
    })
  } finally {
    await volume.close()
  }
}
