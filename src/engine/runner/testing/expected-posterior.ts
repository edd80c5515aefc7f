import { boxSize, toZYX, wholeBox, type ZYX } from '../../../shared/axes.ts'
import type { RunRecord } from '../../../shared/runs.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { gaussianPosterior, type GaussianPosterior } from '../../bundle/gaussian/closed-form.ts'
import { estimateSpectrum } from '../../bundle/gaussian/estimate-spectrum.ts'
import { spectrumOf } from '../../bundle/gaussian/radial-spectrum.ts'
import { openVolume } from '../../volume/open-volume.ts'
import { volumeStatistics } from '../../volume/statistics.ts'
import { wedgeMask } from '../../wedge/mask.ts'

export interface ExpectedPosterior extends GaussianPosterior {
  readonly size: ZYX
  /** Of the tomogram: variances times its square are in grey values squared. */
  readonly greyStd: number
  /** The noise that the spectrum's estimate goes with, for a check that the bundle is the one it was made for. */
  readonly sigma: number
}

/**
 * The exact posterior (method.md 8.1, beta = 0) of the region of a run with the tomogram's own gaussian bundle. Starts from the tomogram and
 * the settings in run.json only: none of the networks, the sampler or the run's maps is involved.
 */
export async function expectedPosterior(record: RunRecord): Promise<ExpectedPosterior> {
  const { input, settings } = record
  const wedge: Wedge = record.wedge
  const volume = await openVolume(input.path)
  try {
    const { mean, std } = await volumeStatistics(volume)
    const normalised = (values: Float32Array): Float32Array => values.map((value) => (value - mean) / std)
    const whole = normalised(await volume.readBox(wholeBox(volume.info.size)))
    const { spectrum, sigma } = estimateSpectrum(whole, toZYX(volume.info.size), wedge)
    const size = toZYX(boxSize(input.roi))
    const region = normalised(await volume.readBox(input.roi))
    const posterior = gaussianPosterior(
      {
        size,
        mask: wedgeMask(wedge, size),
        priorPrecision: spectrumOf(spectrum, size).map((power) => 1 / power),
        lambda: Number(settings.lambda),
        beta: 0,
        gamma: Number(settings.gamma)
      },
      region
    )
    return { ...posterior, size, greyStd: std, sigma }
  } finally {
    await volume.close()
  }
}
