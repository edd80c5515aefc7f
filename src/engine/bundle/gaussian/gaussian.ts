import type { ZYX } from '../../../shared/axes.ts'
import type { BundleSummary } from '../../../shared/bundles.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { normaliseInPlace, zScore } from '../../runner/normalisation.ts'
import { StatisticsAccumulator } from '../../volume/statistics.ts'
import { wedgeAxes, wedgeMask, wedgePlane } from '../../wedge/mask.ts'
import { checkBundle } from '../check.ts'
import { writeBundleFolder } from '../write.ts'
import { gaussianPosterior } from './closed-form.ts'
import { estimateSpectrum } from './estimate-spectrum.ts'
import { energyGraph, wienerGraph } from './graphs.ts'
import { modelCard } from './model-card.ts'
import { spectrumOf } from './radial-spectrum.ts'

export interface GaussianBundleOptions {
  /** The whole tomogram in its own grey values, (D, H, W), x fastest. */
  readonly volume: Float32Array
  readonly size: ZYX
  /** null where the tomogram does not say. */
  readonly voxelSizeAngstrom: number | null
  readonly wedge: Wedge
  /** Noise standard deviation in normalised units; estimated where absent. */
  readonly sigma?: number
  /** Folder to make; it must not exist. */
  readonly out: string
  readonly name: string
  /** What the tomogram is called in the bundle's documents; no path of this machine. */
  readonly source?: string
  /** A Gaussian prior is the same for both; recorded for those who look at it. */
  readonly contrast?: 'dark-on-light' | 'light-on-dark'
  readonly license?: string
  /** ISO date that is recorded; today where absent. */
  readonly date?: string
}

/** Up to this many voxels the closed form is computed for the whole tomogram, beyond it for a box from its middle. */
const wholeVoxels = 2 ** 22
const representativeSide = 128

function representativeBox(size: ZYX): ZYX {
  if (size[0] * size[1] * size[2] <= wholeVoxels) return size
  const [z, y, x] = size.map((n) => Math.min(n, representativeSide))
  return [z, y, x]
}

/**
 * Makes the analytic bundle: Wiener encoder, no decoder, quadratic energy with the radial spectrum of the tomogram's measured region
 * (estimate-spectrum.ts states how). Writes the folder whole or not at all and returns what `checkBundle` says of it.
 *
 * Throws WedgeviewError `no-contrast`, `wedge-empty`, `bundle-exists` or `bundle-unwritable`.
 */
export async function makeGaussianBundle(options: GaussianBundleOptions): Promise<BundleSummary> {
  const { size, wedge, voxelSizeAngstrom, name, sigma: given } = options
  if (given !== undefined && !(given > 0 && Number.isFinite(given)))
    throw new WedgeviewError(
      'usage',
      'sigma-invalid',
      `sigma is ${given}; expected a positive number.`,
      'Leave it out to have it estimated.'
    )
  const values = normalised(options.volume, options.source ?? name)
  const plane = wedgePlane(wedge, size)
  const measuredInPlane = plane.values.reduce((sum, m) => sum + m, 0)
  if (measuredInPlane * size[wedgeAxes(wedge).tilt] <= 1)
    throw new WedgeviewError(
      'input',
      'wedge-empty',
      `In a box of ${[...size].reverse().join(' x ')} voxels the tilt range ${wedge.tiltMin} to ${wedge.tiltMax} measures nothing but the mean.`,
      'Check the tilt axis, the beam axis and the range.'
    )
  const estimate = estimateSpectrum(values, size, wedge, given ?? null)
  const { spectrum } = estimate
  // The stated value is the one that everything is computed with.
  const sigma = given ?? Number(estimate.sigma.toPrecision(6))
  const lambda = 1 / (sigma * sigma)

  const box = representativeBox(size)
  const whole = box === size
  const model = {
    size: box,
    mask: wedgeMask(wedge, box),
    priorPrecision: spectrumOf(spectrum, box).map((power) => 1 / power),
    lambda,
    beta: 0,
    gamma: 1
  }
  const posterior = gaussianPosterior(model, whole ? values : crop(values, size, box))
  // kappa = N(zbar, I / beta) as wide as the posterior is on average over the frequencies.
  const beta = Number((1 / posterior.variance).toPrecision(4))
  const license = options.license ?? 'CC0-1.0'
  const source = options.source ?? name
  const card = modelCard({
    name,
    source,
    size,
    voxelSizeAngstrom,
    wedge,
    estimate: { ...estimate, sigma },
    sigmaGiven: given !== undefined,
    posterior,
    measuredFraction: measuredInPlane / plane.values.length,
    beta,
    license
  })

  const folder = await writeBundleFolder(
    options.out,
    {
      formatVersion: 1,
      name,
      version: '1.0.0',
      license,
      description:
        'Analytic Gaussian prior with the power spectrum of the tomogram’s measured region: Wiener encoder, quadratic energy.',
      training: {
        method: 'other',
        data: `power spectrum of ${source}`,
        date: options.date ?? new Date().toISOString().slice(0, 10)
      },
      voxelSizeAngstrom,
      contrast: options.contrast ?? 'dark-on-light',
      normalization: { kind: 'zscore', scope: 'tomogram' },
      patch: { size: [64, 64, 64], multipleOf: 1, halo: 16, fixed: false },
      latent: 'volume',
      prior: { kind: 'energy', domain: 'volume', rotations: 'none' },
      wedge: {
        tiltAxis: wedge.tiltAxis,
        beamAxis: wedge.beamAxis,
        tiltRange: [wedge.tiltMin, wedge.tiltMax],
        edgeSoftness: wedge.edgeSoftness,
        lowPass: wedge.lowPass
      },
      noise: { sigma },
      methods: {
        'cryogen-1': { beta: 0, steps: 200 },
        'cryogen-2': {},
        'cryowgen-1': { beta, gamma: 1, candidates: 64 },
        'cryowgen-2': {
          beta: 0,
          gamma: 1,
          preconditioner: 'fourier',
          mala: false,
          // P is the exact inverse Hessian here: a step of 1 forgets everything, and every second state is an independent draw.
          integrator: 'leimkuhler-matthews',
          step: 1,
          steps: 108,
          burnIn: 8,
          thin: 2,
          chains: 4
        }
      }
    },
    {
      'encoder.onnx': wienerGraph(spectrum, sigma, wedge),
      'prior.onnx': energyGraph(spectrum),
      'MODEL_CARD.md': Buffer.from(card)
    }
  )
  return checkBundle(folder)
}

/** The volume as runs will see it: z-scored by its own statistics, what is not finite replaced by the mean. */
function normalised(volume: Float32Array, what: string): Float32Array {
  const statistics = new StatisticsAccumulator()
  statistics.add(volume)
  const values = volume.slice()
  normaliseInPlace(values, zScore(statistics.result(), what))
  return values
}

/** The box's worth of voxels from the middle of the volume. */
function crop(values: Float32Array, size: ZYX, box: ZYX): Float32Array {
  const start = size.map((n, axis) => Math.floor((n - box[axis]) / 2))
  const out = new Float32Array(box[0] * box[1] * box[2])
  for (let z = 0, to = 0; z < box[0]; z++) {
    for (let y = 0; y < box[1]; y++, to += box[2]) {
      const from = ((start[0] + z) * size[1] + start[1] + y) * size[2] + start[2]
      out.set(values.subarray(from, from + box[2]), to)
    }
  }
  return out
}
