import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ZYX } from '../../../shared/axes.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { gaussianPosterior } from '../../bundle/gaussian/closed-form.ts'
import type { GaussianModel, GaussianPosterior } from '../../bundle/gaussian/closed-form.ts'
import { energyGraph, wienerGraph } from '../../bundle/gaussian/graphs.ts'
import { spectrumOf } from '../../bundle/gaussian/radial-spectrum.ts'
import type { RadialSpectrum } from '../../bundle/gaussian/radial-spectrum.ts'
import { loadBundle } from '../../bundle/load.ts'
import type { LoadedBundle } from '../../bundle/load.ts'
import type { Manifest } from '../../bundle/manifest.ts'
import { writeBundleFolder } from '../../bundle/write.ts'
import { applyMultiplier } from '../../fourier/multiplier.ts'
import { columnWeight, forwardReal } from '../../fourier/real.ts'
import type { Weights } from '../../graph/step-model.ts'
import { wedgeMask } from '../../wedge/mask.ts'
import { createWedgeOperator } from '../../wedge/operator.ts'
import { prepareBox } from '../box.ts'
import { fillNormal } from '../noise/normal.ts'

/** Oracle 8.1 of method.md: a problem whose posterior is known exactly, through a real bundle folder. */
export interface GaussianProblem {
  bundle: LoadedBundle
  wedge: Wedge
  size: ZYX
  mask: Float32Array
  /** Q(k), (D, H, W) in FFT order. */
  priorPrecision: Float64Array
  volume: Float32Array
  /** zbar(y), as the bundle's encoder gives it. */
  centre: Float32Array
  sigma: number
  posterior(weights: Weights): GaussianPosterior
}

export const whiteSpectrum: RadialSpectrum = { logPower: new Float32Array(2) }
/** Power from 4 at the origin down to 1/4 at the corner. */
export const colouredSpectrum: RadialSpectrum = { logPower: Float32Array.of(Math.log(4), Math.log(0.25)) }

export const symmetricWedge: Wedge = {
  tiltAxis: 'y',
  beamAxis: 'z',
  tiltMin: -60,
  tiltMax: 60,
  edgeSoftness: 0,
  lowPass: null
}

export function normalField(length: number, seed: number): Float32Array {
  const out = new Float32Array(length)
  fillNormal(out, 0, length, 0, { seed, chain: 0, step: 0, purpose: 'start' })
  return out
}

/** A tilt range that covers everything, for encoders that answer inside the wedge, too. */
const everything: Wedge = { ...symmetricWedge, tiltMin: -90, tiltMax: 90 }

/**
 * Makes the bundle of bundle.md's example with the given spectrum, and data drawn from its own model. Its encoder is the Wiener filter of a
 * full tilt range: it lets the noise inside the wedge through, so that zbar differs from the posterior's mean in both regions
 * and a test can see whether the mean moves from the one to the other.
 *
 * @param other a prior to put in the place of the quadratic energy of that spectrum
 */
export async function makeGaussianProblem(
  size: ZYX,
  spectrum: RadialSpectrum,
  sigma: number,
  wedge: Wedge = symmetricWedge,
  other?: { spec: Manifest['prior']; graph: Uint8Array }
): Promise<GaussianProblem> {
  const folder = await mkdtemp(join(tmpdir(), 'gaussian-oracle-'))
  try {
    const path = await writeBundleFolder(
      join(folder, 'bundle'),
      {
        formatVersion: 1,
        name: 'gaussian-oracle',
        version: '1.0.0',
        license: 'CC0-1.0',
        description: 'analytic test bundle',
        training: { method: 'other', data: 'none', date: '2026-11-20' },
        voxelSizeAngstrom: 10,
        contrast: 'light-on-dark',
        normalization: { kind: 'none' },
        patch: { size: [...size], multipleOf: 1, halo: 0, fixed: false },
        latent: 'volume',
        prior: other?.spec ?? { kind: 'energy', domain: 'volume', rotations: 'none' },
        wedge: null,
        noise: { sigma },
        methods: { 'cryogen-1': {}, 'cryogen-2': {}, 'cryowgen-1': {}, 'cryowgen-2': {} }
      },
      { 'encoder.onnx': wienerGraph(spectrum, sigma, everything), 'prior.onnx': other?.graph ?? energyGraph(spectrum) }
    )
    const bundle = await loadBundle(path)
    const power = spectrumOf(spectrum, size)
    const voxels = power.length
    const truth = applyMultiplier(normalField(voxels, 101), size, power.map(Math.sqrt))
    const noise = normalField(voxels, 102)
    const observed = createWedgeOperator(wedge, size).apply(Float32Array.from(truth))
    const volume = observed.map((value, i) => value + sigma * noise[i])
    const priorPrecision = power.map((value) => 1 / value)
    const mask = wedgeMask(wedge, size)
    const { conditioning } = await prepareBox({ bundle, wedge, volume, size, device: 'cpu', threads: 1 })
    return {
      bundle,
      wedge,
      size,
      mask,
      priorPrecision,
      volume,
      centre: conditioning.centre,
      sigma,
      posterior: (weights) => {
        const model: GaussianModel = { size, mask, priorPrecision, ...weights }
        return gaussianPosterior(model, volume, conditioning.centre)
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Sums over the measured frequencies and over those inside the wedge. */
export interface RegionSums {
  measured: number
  wedge: number
}

/** Sum over k of weight(k) Re(conj(A(k)) B(k)) / N in each region: an inner product, by Parseval that of real space. */
export function innerProducts(
  { mask, size }: Pick<GaussianProblem, 'mask' | 'size'>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weight: (index: number) => number = () => 1
): RegionSums {
  const [fa, fb] = [forwardReal(a, size), forwardReal(b, size)]
  const sums: RegionSums = { measured: 0, wedge: 0 }
  for (let row = 0, i = 0; row < size[0] * size[1]; row++)
    for (let x = 0; x < fa.halfWidth; x++, i++) {
      const at = row * size[2] + x
      const product = (fa.re[i] * fb.re[i] + fa.im[i] * fb.im[i]) / mask.length
      sums[mask[at] > 0.5 ? 'measured' : 'wedge'] += columnWeight(x, size[2]) * weight(at) * product
    }
  return sums
}

/** Number of frequencies in each region. */
export function regionCounts(mask: Float32Array): RegionSums {
  const measured = mask.reduce((sum, m) => sum + (m > 0.5 ? 1 : 0), 0)
  return { measured, wedge: mask.length - measured }
}
