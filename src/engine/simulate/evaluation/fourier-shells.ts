import type { ZYX } from '../../../shared/axes.ts'
import { frequency } from '../../fourier/frequency.ts'
import { columnWeight, forwardReal, type HalfSpectrum } from '../../fourier/real.ts'

/** One shell of a Fourier shell correlation. */
export interface Shell {
  /** Middle of the shell. */
  cyclesPerVoxel: number
  /** null where the voxel size is not known. */
  resolutionAngstrom: number | null
  /** null where the shell holds no coefficient of the region, or one of the volumes none of their power. */
  correlation: number | null
  /** Weight of the coefficients behind it, each k and -k counted. */
  coefficients: number
}

export interface ShellCurves {
  all: Shell[]
  /** Unmeasured frequencies only, weight 1 - M. */
  wedge: Shell[]
  /** Weight M. */
  measured: Shell[]
}

/**
 * Fourier shell correlation of volumes with one truth: Re sum F1 conj F2 / sqrt(sum |F1|^2 sum |F2|^2) over shells as wide as one Fourier
 * pixel of the longest axis, up to Nyquist; k = 0 is in no shell. The wedge's and the measured region's weigh each coefficient by 1 - M
 * and M, (D, H, W) in FFT order.
 */
export function shellCorrelator(
  truth: Float32Array,
  size: ZYX,
  mask: Float32Array,
  voxelSizeAngstrom: number | null
): (volume: Float32Array) => ShellCurves {
  const reference = forwardReal(truth, size)
  const longest = Math.max(...size)
  const shells = Math.floor(longest / 2)
  const shellOf = shellIndex(size, longest, shells)
  return (volume) => {
    const spectrum = forwardReal(volume, size)
    const sums = { wedge: accumulator(shells), measured: accumulator(shells) }
    forEachCoefficient(reference, (i, full, weight) => {
      const shell = shellOf[i]
      if (shell < 0) return
      const cross = spectrum.re[i] * reference.re[i] + spectrum.im[i] * reference.im[i]
      const first = spectrum.re[i] ** 2 + spectrum.im[i] ** 2
      const second = reference.re[i] ** 2 + reference.im[i] ** 2
      addTo(sums.measured, shell, weight * mask[full], cross, first, second)
      addTo(sums.wedge, shell, weight * (1 - mask[full]), cross, first, second)
    })
    const curve = (of: Accumulator): Shell[] => shellsOf(of, longest, voxelSizeAngstrom)
    return { all: curve(added(sums.wedge, sums.measured)), wedge: curve(sums.wedge), measured: curve(sums.measured) }
  }
}

interface Accumulator {
  cross: Float64Array
  first: Float64Array
  second: Float64Array
  weight: Float64Array
}

function accumulator(shells: number): Accumulator {
  const zeros = (): Float64Array => new Float64Array(shells)
  return { cross: zeros(), first: zeros(), second: zeros(), weight: zeros() }
}

function addTo(to: Accumulator, shell: number, weight: number, cross: number, first: number, second: number): void {
  to.cross[shell] += weight * cross
  to.first[shell] += weight * first
  to.second[shell] += weight * second
  to.weight[shell] += weight
}

function added(a: Accumulator, b: Accumulator): Accumulator {
  const sum = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, i) => value + y[i])
  return {
    cross: sum(a.cross, b.cross),
    first: sum(a.first, b.first),
    second: sum(a.second, b.second),
    weight: sum(a.weight, b.weight)
  }
}

function shellsOf({ cross, first, second, weight }: Accumulator, longest: number, voxel: number | null): Shell[] {
  return Array.from(cross, (value, i) => {
    const cyclesPerVoxel = (i + 1) / longest
    const power = Math.sqrt(first[i] * second[i])
    return {
      cyclesPerVoxel,
      resolutionAngstrom: voxel === null ? null : voxel / cyclesPerVoxel,
      correlation: power > 0 ? value / power : null,
      coefficients: weight[i]
    }
  })
}

/** Shell of each stored coefficient, -1 for none: shell s holds the radii that round to s + 1 Fourier pixels. */
function shellIndex(size: ZYX, longest: number, shells: number): Int32Array {
  const halfWidth = Math.floor(size[2] / 2) + 1
  const out = new Int32Array(size[0] * size[1] * halfWidth)
  for (let z = 0, i = 0; z < size[0]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < halfWidth; x++, i++) {
        const radius = Math.hypot(frequency(z, size[0]), frequency(y, size[1]), x / size[2])
        const pixels = Math.round(radius * longest)
        out[i] = pixels >= 1 && pixels <= shells ? pixels - 1 : -1
      }
  return out
}

/** Every stored coefficient: its index, its index among all frequencies, and how often it stands in the full spectrum. */
function forEachCoefficient(
  { size, halfWidth }: HalfSpectrum,
  visit: (index: number, full: number, weight: number) => void
): void {
  const [depth, height, width] = size
  for (let row = 0, i = 0; row < depth * height; row++)
    for (let x = 0; x < halfWidth; x++, i++) visit(i, row * width + x, columnWeight(x, width))
}
