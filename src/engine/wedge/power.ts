import type { Plane, ZYX } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { transform, voxelCount, type AxisIndex, type ComplexField } from '../fourier/field.ts'
import { frequency, mirrored } from '../fourier/frequency.ts'
import { axisIndex, wedgeAxes, type SpectralPlane } from './mask.ts'

/** sin^2 window of unit mean square; 1 on an axis too short for one. */
function hann(n: number): Float64Array {
  if (n < 4) return new Float64Array(n).fill(1)
  const window = Float64Array.from({ length: n }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / n) ** 2)
  const power = window.reduce((sum, w) => sum + w * w, 0) / n
  return window.map((w) => w / Math.sqrt(power))
}

export interface PlanePowerOptions {
  /** hann (unless told otherwise) for pieces of something larger; none for what is periodic in its box, as a family's deviations are. */
  readonly taper?: 'hann' | 'none'
  /** What voxels are measured from: the volume's mean unless told otherwise, or zero. */
  readonly about?: 'mean' | 'zero'
}

/**
 * Mean power of the slices perpendicular to an axis, over the two frequencies of their plane, FFT order: white noise of variance v
 * gives v. By Parseval this is also the mean over the third frequency, so the plane is the whole 3-D spectrum seen along `normal`, and
 * without a taper the mean over the plane is the voxels' mean square.
 *
 * Slices are tapered (Hann) after the volume's mean is taken off, because the jump between opposite faces of a box would
 * otherwise fill the missing wedge with power that is not there. Voxels that are not finite count as the mean (or as zero).
 */
export function planePower(
  volume: Float32Array,
  size: ZYX,
  normal: AxisIndex,
  { taper: tapering = 'hann', about = 'mean' }: PlanePowerOptions = {}
): SpectralPlane {
  if (volume.length !== voxelCount(size))
    throw new RangeError(`${volume.length} values do not fill a box of ${size.join(' x ')} voxels.`)
  const axes = ([0, 1, 2] as const).filter((axis) => axis !== normal) as [AxisIndex, AxisIndex]
  const [rows, columns] = axes.map((axis) => size[axis])
  const strides = [size[1] * size[2], size[2], 1]
  const [rowStride, columnStride] = axes.map((axis) => strides[axis])
  const windowOf = (n: number): Float64Array => (tapering === 'hann' ? hann(n) : new Float64Array(n).fill(1))
  const rowWindow = windowOf(rows)
  const columnWindow = windowOf(columns)
  const mean = about === 'mean' ? finiteMean(volume) : 0
  const area = rows * columns
  const total = new Float64Array(area)
  // Two real slices travel as one complex one; |Z(k)|^2 averaged with |Z(-k)|^2 is the sum of their powers.
  const pair: ComplexField = { size: [1, rows, columns], re: new Float64Array(area), im: new Float64Array(area) }
  for (let slice = 0; slice < size[normal]; slice += 2) {
    const offset = slice * strides[normal]
    const hasPartner = slice + 1 < size[normal]
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) {
        const from = offset + i * rowStride + j * columnStride
        const taper = rowWindow[i] * columnWindow[j]
        const a = volume[from]
        const b = hasPartner ? volume[from + strides[normal]] : mean
        pair.re[at] = Number.isFinite(a) ? (a - mean) * taper : 0
        pair.im[at] = Number.isFinite(b) ? (b - mean) * taper : 0
      }
    }
    transform(pair, 'forward', [1, 2])
    for (let k = 0; k < area; k++) total[k] += pair.re[k] * pair.re[k] + pair.im[k] * pair.im[k]
  }
  const scale = 1 / (area * size[normal])
  const values = total.map((power, k) => {
    const opposite = mirrored(Math.floor(k / columns), rows) * columns + mirrored(k % columns, columns)
    return ((power + total[opposite]) / 2) * scale
  })
  return { axes, size: [rows, columns], values }
}

function finiteMean(volume: Float32Array): number {
  let sum = 0
  let count = 0
  for (const v of volume) {
    if (!Number.isFinite(v)) continue
    sum += v
    count++
  }
  return count > 0 ? sum / count : 0
}

/**
 * Log10 of the mean power of a plane's slices as an image: rows x columns as `planeAxes` has them, zero frequency at
 * (floor(rows / 2), floor(columns / 2)). Nothing is below 1e-12 of the largest power.
 */
export function logPowerImage(
  volume: Float32Array,
  size: ZYX,
  plane: Plane
): { rows: number; columns: number; values: Float32Array } {
  return powerImage(planePower(volume, size, axisIndex(planeAxes[plane].normal)))
}

/** The same from a plane's power, where that is known already. */
export function powerImage(power: SpectralPlane): { rows: number; columns: number; values: Float32Array } {
  const [rows, columns] = power.size
  const least = power.values.reduce((most, v) => Math.max(most, v), 0) * 1e-12 || Number.MIN_VALUE
  const values = new Float32Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = ((i + Math.floor(rows / 2)) % rows) * columns + ((j + Math.floor(columns / 2)) % columns)
      values[to] = Math.log10(Math.max(least, power.values[i * columns + j]))
    }
  }
  return { rows, columns, values }
}

/** A frequency of the plane perpendicular to the tilt axis. */
export interface AngularSample {
  /** Angle of (k across, k beam), degrees, -90 … 90: what the wedge's tilt limits compare with. */
  readonly degrees: number
  /** Cycles per voxel. */
  readonly radius: number
  readonly power: number
}

/**
 * Power against angle, one sample a frequency, from the plane power perpendicular to the wedge's tilt axis. k = 0, radii beyond 1/2
 * and the Nyquist lines, whose angle is not defined, are left out.
 */
export function angularSamples(plane: SpectralPlane, wedge: Pick<Wedge, 'tiltAxis' | 'beamAxis'>): AngularSample[] {
  const { beam } = wedgeAxes(wedge)
  const [rows, columns] = plane.size
  const beamIsRow = plane.axes[0] === beam
  const samples: AngularSample[] = []
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const row = frequency(i, rows)
      const column = frequency(j, columns)
      const radius = Math.hypot(row, column)
      if (radius === 0 || radius > 0.5 || row === -0.5 || column === -0.5) continue
      const [b, a] = beamIsRow ? [row, column] : [column, row]
      const degrees = a === 0 ? 90 : (Math.atan(b / a) * 180) / Math.PI
      samples.push({ degrees, radius, power: plane.values[at] })
    }
  }
  return samples
}

/**
 * Mean power in bins of angle (2 degrees unless told otherwise) around the tilt axis; `degrees` is a bin's centre. Empty bins of
 * small boxes are left out.
 */
export function powerByAngle(samples: readonly AngularSample[], binDegrees = 2): { degrees: number; power: number }[] {
  const bins = Math.round(180 / binDegrees)
  const sums = new Float64Array(bins)
  const counts = new Float64Array(bins)
  for (const { degrees, power } of samples) {
    const bin = Math.min(bins - 1, Math.floor(((degrees + 90) / 180) * bins))
    sums[bin] += power
    counts[bin]++
  }
  return Array.from(sums, (sum, bin) => ({
    degrees: -90 + ((bin + 0.5) * 180) / bins,
    power: sum / counts[bin]
  })).filter((_, bin) => counts[bin] > 0)
}
