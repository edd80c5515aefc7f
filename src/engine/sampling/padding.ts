import type { ZYX } from '../../shared/axes.ts'

/** Index of a sample that mirrors the axis at its end voxels without repeating them: 0 1 2 3 2 1 0 1 … */
export function reflected(index: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const folded = ((index % period) + period) % period
  return folded < length ? folded : period - folded
}

/** The next box whose edges are multiples of `multiple`. */
export function paddedSize(size: ZYX, multiple: number): ZYX {
  const [z, y, x] = size.map((n) => Math.ceil(n / multiple) * multiple)
  return [z, y, x]
}

function remap(values: Float32Array, size: ZYX, newSize: ZYX): Float32Array {
  if (size.every((n, axis) => n === newSize[axis])) return values
  const out = new Float32Array(newSize[0] * newSize[1] * newSize[2])
  const columns = Int32Array.from({ length: newSize[2] }, (_, x) => reflected(x, size[2]))
  let at = 0
  for (let z = 0; z < newSize[0]; z++)
    for (let y = 0; y < newSize[1]; y++) {
      const row = (reflected(z, size[0]) * size[1] + reflected(y, size[1])) * size[2]
      for (let x = 0; x < newSize[2]; x++) out[at++] = values[row + columns[x]]
    }
  return out
}

/** Continues a volume by reflection behind its last voxels; the volume itself where nothing is to be added. */
export function padByReflection(values: Float32Array, size: ZYX, newSize: ZYX): Float32Array {
  return remap(values, size, newSize)
}

/** The first voxels of every axis: what padding had put behind them is dropped. */
export function cropTo(values: Float32Array, size: ZYX, newSize: ZYX): Float32Array {
  return remap(values, size, newSize)
}
