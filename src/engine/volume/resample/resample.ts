import { setImmediate } from 'node:timers/promises'
import type { XYZ } from '../../../shared/axes.ts'
import type { Volume } from '../volume.ts'
import { axisWeights, type AxisWeights } from './axis-weights.ts'

/** A grid in a source's continuous voxel coordinates (voxel j covers [j, j + 1)). */
export interface TargetGrid {
  size: XYZ
  /** Where its first voxel begins. */
  start: XYZ
  /** How long its voxels are. */
  step: XYZ
}

/**
 * The source's values on another grid, C-ordered (z, y, x): linear interpolation along each axis, smoothed first where the grid is
 * coarser (axis-weights.ts). Voxels whose middle lies outside of the source are NaN, and so are those that take from a NaN.
 *
 * Sections of the source are read one by one; other work goes on between them.
 */
export async function resampled(
  source: Volume,
  { size, start, step }: TargetGrid,
  signal?: AbortSignal
): Promise<Float32Array> {
  const from = source.info.size
  const along = (axis: 'x' | 'y' | 'z'): AxisWeights => axisWeights(size[axis], start[axis], step[axis], from[axis])
  const [columns, rows, sections] = [along('x'), along('y'), along('z')]
  const area = size.x * size.y
  const out = new Float32Array(area * size.z)
  // The source's sections on the new columns and rows, as long as sections to come need them.
  const flat = new Map<number, Float64Array>()
  for (let z = 0; z < size.z; z++) {
    const first = sections.first[z]
    const weights = sections.weights[z]
    const sum = new Float64Array(area)
    if (weights.length === 0) sum.fill(Number.NaN)
    for (const known of flat.keys()) if (known < first) flat.delete(known)
    for (let k = 0; k < weights.length; k++) {
      let section = flat.get(first + k)
      if (!section) {
        const { data } = await source.readSlice('xy', first + k, { signal })
        section = flattened(data, from, columns, rows)
        flat.set(first + k, section)
        await setImmediate()
        signal?.throwIfAborted()
      }
      const weight = weights[k]
      for (let i = 0; i < area; i++) sum[i] += weight * section[i]
    }
    out.set(sum, z * area)
  }
  return out
}

/** A section on the new columns, then rows. */
function flattened(data: Float32Array, from: XYZ, columns: AxisWeights, rows: AxisWeights): Float64Array {
  const width = columns.weights.length
  const height = rows.weights.length
  const wide = new Float64Array(from.y * width)
  for (let y = 0; y < from.y; y++)
    for (let x = 0; x < width; x++) {
      const weights = columns.weights[x]
      const at = y * from.x + columns.first[x]
      let sum = weights.length === 0 ? Number.NaN : 0
      for (let k = 0; k < weights.length; k++) sum += weights[k] * data[at + k]
      wide[y * width + x] = sum
    }
  const out = new Float64Array(height * width)
  for (let y = 0; y < height; y++) {
    const weights = rows.weights[y]
    if (weights.length === 0) out.fill(Number.NaN, y * width, (y + 1) * width)
    for (let k = 0; k < weights.length; k++) {
      const at = (rows.first[y] + k) * width
      for (let x = 0; x < width; x++) out[y * width + x] += weights[k] * wide[at + x]
    }
  }
  return out
}
