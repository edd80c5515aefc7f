import type { ZYX } from '../../../shared/axes.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { cornerFrequency, powerAt } from './radial-spectrum.ts'
import type { SpectrumEstimate } from './estimate-spectrum.ts'
import type { GaussianPosterior } from './closed-form.ts'

export interface ModelCardFacts {
  readonly name: string
  readonly source: string
  readonly size: ZYX
  readonly voxelSizeAngstrom: number | null
  readonly wedge: Wedge
  readonly estimate: SpectrumEstimate
  readonly sigmaGiven: boolean
  readonly posterior: GaussianPosterior
  readonly measuredFraction: number
  readonly beta: number
  readonly license: string
}

const number = (value: number, digits = 3): string => value.toPrecision(digits)

/** MODEL_CARD.md of an analytic bundle: what it assumes, the numbers it was made with, and what to expect of a run. */
export function modelCard(facts: ModelCardFacts): string {
  const { name, source, size, voxelSizeAngstrom, wedge, estimate, posterior, measuredFraction, beta } = facts
  const { sigma, spectrum, noiseRadius } = estimate
  const voxel = voxelSizeAngstrom === null ? 'unknown' : `${voxelSizeAngstrom} Å`
  const rows = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5]
    .filter((radius) => radius < cornerFrequency)
    .map((radius) => {
      const signal = powerAt(spectrum, radius)
      return `| ${radius} | ${number(signal)} | ${number(signal / (sigma * sigma))} |`
    })
  const sd = (variance: number, part: number): string => number(Math.sqrt(variance / part))
  return `# ${name}

An analytic prior, not a trained network: the volume is taken for a Gaussian random field with a radial power spectrum S(|k|).
Everything about its posterior is known in closed form, so it is a first look at any tomogram and a check of the samplers.

- **Encoder**: the Wiener filter, zbar = F^-1[ M S / (S + sigma^2) F y ]. For gamma = 1 and beta = 0 this is the posterior mean and the MAP.
- **Decoder**: none; the latent is the volume.
- **Prior**: energy E(x) = 1/2 sum_k |X(k)|^2 / (N S(|k|)), Q = 1 / S.
- **Boxes**: any size and batch; all three graphs compute their matrices from the input's shape.

## Made from

\`${source}\`: ${size[2]} x ${size[1]} x ${size[0]} voxels (x, y, z), voxel size ${voxel}, tilt axis ${wedge.tiltAxis}, beam ${wedge.beamAxis}, tilt range
${wedge.tiltMin} to ${wedge.tiltMax} degrees (${number(100 * measuredFraction)} % of the frequencies measured), normalised to mean 0 and standard deviation 1.

P(r) is the mean power of the measured frequencies in shells of radius r. All power beyond ${number(noiseRadius)} cycles per voxel counts as noise,
and the noise is taken to be as strong at lower frequencies as it is there: N(r) = P(r) outside, P(${number(noiseRadius)}) inside.
S(r) = max(P(r) - N(r), mean of N / 100). sigma^2 = ${number(sigma * sigma, 4)} ${
    facts.sigmaGiven
      ? 'was given, and N scaled to that mean.'
      : 'is the value at which draws from the posterior fit\nthe measured region as closely as the truth would, misfit 1 per voxel: under the model, draw and truth are exchangeable.'
  }
The spectrum measured in the measured directions is assumed of the unmeasured ones too.

| radius (cycles/voxel) | S | S / sigma^2 |
|---|---|---|
${rows.join('\n')}

## What to expect on that tomogram (closed form, beta = 0, gamma = 1)

| | whole | missing wedge | measured |
|---|---|---|---|
| SD per voxel (input SD = 1) | ${number(Math.sqrt(posterior.variance))} | ${number(Math.sqrt(posterior.wedgeVariance))} | ${number(Math.sqrt(posterior.measuredVariance))} |
| the same, over the frequencies of that kind alone | | ${sd(posterior.wedgeVariance, 1 - measuredFraction)} | ${sd(posterior.measuredVariance, measuredFraction)} |

Data misfit per measured voxel: ${number(posterior.misfit.mean)} for the posterior mean (= MAP), ${number(posterior.misfit.family)} for the family.

## Defaults

- **CryoGEN-I, CryoWGEN-II**: beta = 0. The prior already says how far each frequency may go; a tether to zbar would narrow the missing wedge,
  where nothing but the prior is known.
- **CryoWGEN-I**: beta = ${number(beta)}: 1 / beta is the mean posterior variance, so that candidates are spread as widely as the posterior is on
  average. Importance weights of this many dimensions are dominated by few candidates (low effective sample size, reported): use CryoWGEN-II for the family.
- **CryoWGEN-II**: Fourier preconditioner, step 1, Leimkuhler-Matthews noise (xi_t + xi_t+1) / 2, no Metropolis correction. The preconditioner is the exact inverse of
  the Hessian, so such a step forgets all but its noise: every second state is an independent draw of the exact posterior, without step bias. 4 chains of 108 steps give
  200 draws, so a voxel's SD is known to 5 %.

## Good for, not good for

Good for: how much of each frequency is measured, noise-weighted averages, checks, an honest baseline. Not good for: filling the wedge with
structure. A Gaussian field knows no shapes; in the missing wedge its mean is zero and its members are noise of the right spectrum.

Licence: ${facts.license}
`
}
