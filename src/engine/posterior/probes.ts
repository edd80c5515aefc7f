import type { ZYX } from '../../shared/axes.ts'
import { drawUniform } from '../sampling/noise/normal.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { bulkEss, rHat } from './convergence.ts'

/** What a chain is followed by: single voxels, and Fourier coefficients measured or inside the wedge. */
export const probeGroups = ['voxels', 'measured', 'wedge'] as const
export type ProbeGroup = (typeof probeGroups)[number]

interface Frequency {
  group: 'measured' | 'wedge'
  /** FFT indices (z, y, x). */
  k: ZYX
}

/** A fixed random subset of voxels and of Fourier coefficients, the same for every run on boxes of this size. */
export interface Probes {
  size: ZYX
  voxels: number[]
  frequencies: Frequency[]
}

const voxelCount = 48
/** Coefficients share a few x frequencies, so that a volume's longest sums are done once for many of them. */
const columns = 6
const perColumn = 3

export function chooseProbes(size: ZYX, plane: SpectralPlane): Probes {
  let draw = 0
  const below = (n: number): number =>
    Math.min(n - 1, Math.floor(n * drawUniform({ seed: 0x77656467, chain: 0, step: draw++, purpose: 'probe' })))
  const total = size[0] * size[1] * size[2]
  const voxels = [...new Set(Array.from({ length: Math.min(voxelCount, total) }, () => below(total)))]
  const frequencies: Frequency[] = []
  const seen = new Set<string>()
  for (let column = 0; column < columns; column++) {
    const x = below(size[2])
    const wanted = { measured: perColumn, wedge: perColumn }
    for (let attempt = 0; attempt < 200 && wanted.measured + wanted.wedge > 0; attempt++) {
      const k = [below(size[0]), below(size[1]), x] as const
      const m = plane.values[k[plane.axes[0]] * plane.size[1] + k[plane.axes[1]]]
      const group = m > 0.5 ? 'measured' : 'wedge'
      // A coefficient and its mirror image are one number.
      const mirrored = k.map((index, axis) => (size[axis] - index) % size[axis])
      const name = [k.join(), mirrored.join()].sort().join(';')
      if (wanted[group] === 0 || seen.has(name)) continue
      seen.add(name)
      wanted[group]--
      frequencies.push({ group, k })
    }
  }
  return { size, voxels, frequencies }
}

/** Values of all probes in a volume: its voxels, then the real parts of its (orthonormal) Fourier coefficients. */
export function readProbes({ size, voxels, frequencies }: Probes, volume: Float32Array, offset = 0): number[] {
  const [depth, height, width] = size
  const out = voxels.map((index) => volume[offset + index])
  const columnSums = new Map<number, Lines>()
  for (const { k } of frequencies) {
    let rows = columnSums.get(k[2])
    if (!rows) {
      rows = transformRows(volume, offset, depth * height, width, k[2])
      columnSums.set(k[2], rows)
    }
    const y = phases(k[1], height)
    const z = phases(k[0], depth)
    let sum = 0
    for (let plane = 0, row = 0; plane < depth; plane++) {
      let re = 0
      let im = 0
      for (let j = 0; j < height; j++, row++) {
        re += rows.re[row] * y.re[j] - rows.im[row] * y.im[j]
        im += rows.re[row] * y.im[j] + rows.im[row] * y.re[j]
      }
      sum += re * z.re[plane] - im * z.im[plane]
    }
    out.push(sum / Math.sqrt(depth * height * width))
  }
  return out
}

interface Lines {
  re: Float64Array
  im: Float64Array
}

/** exp(-2 pi i k j / n) for j = 0 … n-1. */
function phases(k: number, n: number): Lines {
  const angle = (j: number): number => (-2 * Math.PI * ((k * j) % n)) / n
  return {
    re: Float64Array.from({ length: n }, (_, j) => Math.cos(angle(j))),
    im: Float64Array.from({ length: n }, (_, j) => Math.sin(angle(j)))
  }
}

/** One x frequency of every row. */
function transformRows(volume: Float32Array, offset: number, rows: number, width: number, k: number): Lines {
  const phase = phases(k, width)
  const re = new Float64Array(rows)
  const im = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const start = offset + row * width
    let a = 0
    let b = 0
    for (let x = 0; x < width; x++) {
      const value = volume[start + x]
      a += value * phase.re[x]
      b += value * phase.im[x]
    }
    re[row] = a
    im[row] = b
  }
  return { re, im }
}

/** Median and worst of a diagnostic over the probes of a group. */
export interface GroupDiagnostics {
  group: ProbeGroup
  ess: number
  rHat: number
  worstEss: number
  worstRHat: number
}

export interface ChainDiagnostics {
  /** null where there are too few draws to say anything. */
  ess: number | null
  rHat: number | null
  groups: GroupDiagnostics[]
}

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return NaN
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * R-hat and bulk ESS from the probes of each counted draw, `series[chain][draw][probe]`. The single numbers are those of the group
 * that does worst by its median: the extremes over many probes are dominated by chance where draws are few, a group's median is
 * not, and a chain that has not mixed shows in a whole group.
 */
export function diagnoseChains(probes: Probes, series: readonly (readonly number[][])[]): ChainDiagnostics {
  const groupOf = (index: number): ProbeGroup =>
    index < probes.voxels.length ? 'voxels' : probes.frequencies[index - probes.voxels.length].group
  const groups: GroupDiagnostics[] = []
  for (const group of probeGroups) {
    const members = Array.from({ length: probes.voxels.length + probes.frequencies.length }, (_, i) => i).filter(
      (i) => groupOf(i) === group
    )
    const chainsOf = (probe: number): number[][] => series.map((draws) => draws.map((values) => values[probe]))
    const ess = members.map((probe) => bulkEss(chainsOf(probe)))
    const reduction = members.map((probe) => rHat(chainsOf(probe)))
    if (!ess.some(Number.isFinite)) continue
    groups.push({
      group,
      ess: median(ess),
      rHat: median(reduction),
      worstEss: Math.min(...ess.filter(Number.isFinite)),
      worstRHat: Math.max(...reduction.filter(Number.isFinite))
    })
  }
  if (groups.length === 0) return { ess: null, rHat: null, groups }
  return {
    ess: Math.min(...groups.map((group) => group.ess)),
    rHat: Math.max(...groups.map((group) => group.rHat)),
    groups
  }
}
