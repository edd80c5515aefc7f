import type { ZYX } from '../../shared/axes.ts'
import { frequency } from '../fourier/frequency.ts'
import type { Recipe } from './recipe.ts'

export type Ctf = NonNullable<Recipe['ctf']>

/** A usual instrument; only the defocus differs from tomogram to tomogram. */
export function usualCtf(defocusMicrometre: number): Ctf {
  return { defocusMicrometre, voltageKilovolt: 300, sphericalAberrationMillimetre: 2.7, amplitudeContrast: 0.07 }
}

/** Relativistic wavelength of electrons, in angstrom. */
export function electronWavelengthAngstrom(voltageKilovolt: number): number {
  const volts = 1000 * voltageKilovolt
  return 12.2643 / Math.sqrt(volts * (1 + 0.978466e-6 * volts))
}

/**
 * The contrast transfer at a frequency in 1 / angstrom, positive (bright protein stays bright) up to its first zero:
 * sin(chi + asin A), chi = pi lambda dz k^2 - pi/2 Cs lambda^3 k^4. Isotropic, the same for all tilts.
 */
export function contrastTransfer(ctf: Ctf, perAngstrom: number): number {
  const wavelength = electronWavelengthAngstrom(ctf.voltageKilovolt)
  const defocus = 1e4 * ctf.defocusMicrometre
  const aberration = 1e7 * ctf.sphericalAberrationMillimetre
  const square = perAngstrom * perAngstrom
  const chi = Math.PI * wavelength * square * (defocus - 0.5 * aberration * wavelength ** 2 * square)
  return Math.sin(chi + Math.asin(ctf.amplitudeContrast))
}

/** Power of coloured noise at a frequency in cycles per voxel: it falls like 1/k^2 from 0.05 on to a floor, as in filtered tomograms. */
export function colouredPower(cyclesPerVoxel: number): number {
  return 0.1 + 1 / (1 + (cyclesPerVoxel / 0.05) ** 2)
}

/** A function of |k| in cycles per voxel at every frequency of the box, (D, H, W), FFT order. */
export function radialSymbol([depth, height, width]: ZYX, value: (cyclesPerVoxel: number) => number): Float64Array {
  const out = new Float64Array(depth * height * width)
  for (let z = 0, i = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++)
        out[i] = value(Math.hypot(frequency(z, depth), frequency(y, height), frequency(x, width)))
  return out
}
