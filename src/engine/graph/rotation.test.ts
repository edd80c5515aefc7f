import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import { drawUniform } from '../sampling/noise/normal.ts'
import { boxRotations, inverseIndex, permutationMap, randomRotation, trilinearMap } from './rotation.ts'
import type { VoxelMap } from './rotation.ts'

const apply = ({ taps, index, weight }: VoxelMap, values: ArrayLike<number>): number[] => {
  const voxels = index.length / taps
  return Array.from({ length: voxels }, (_, i) => {
    let sum = 0
    for (let tap = 0; tap < taps; tap++) sum += weight[tap * voxels + i] * values[index[tap * voxels + i]]
    return sum
  })
}

describe('rotations', () => {
  it('knows those that map a box onto itself', () => {
    expect(boxRotations([5, 5, 5]).length).toBe(24)
    expect(boxRotations([4, 6, 4]).length).toBe(8)
    expect(boxRotations([3, 4, 5]).length).toBe(4)
    expect(boxRotations([3, 4, 5])[0]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
    expect(new Set(boxRotations([2, 2, 2]).map(String)).size).toBe(24)
  })

  it('permutes voxels as trilinear interpolation of the same matrix does', () => {
    for (const size of [
      [4, 4, 4],
      [5, 3, 5],
      [2, 3, 4]
    ] as ZYX[]) {
      const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => Math.sin(i))
      for (const matrix of boxRotations(size)) {
        const exact = permutationMap(matrix, size)
        const turned = apply(exact, values)
        apply(trilinearMap(matrix, size), values).forEach((value, i) => expect(value).toBeCloseTo(turned[i], 6))
        const back = apply({ ...exact, index: inverseIndex(exact.index) }, turned)
        back.forEach((value, i) => expect(value).toBe(values[i]))
      }
    }
  })

  it('draws proper rotations, uniformly', () => {
    const mean = new Array<number>(9).fill(0)
    const draws = 4000
    for (let n = 0; n < draws; n++) {
      const u = [0, 1, 2].map((i) => drawUniform({ seed: 1, chain: 0, step: n, purpose: 'rotation' }, i))
      const m = randomRotation(u[0], u[1], u[2])
      for (let a = 0; a < 3; a++)
        for (let b = 0; b < 3; b++) {
          const product = m[3 * a] * m[3 * b] + m[3 * a + 1] * m[3 * b + 1] + m[3 * a + 2] * m[3 * b + 2]
          expect(product).toBeCloseTo(a === b ? 1 : 0, 10)
          mean[3 * a + b] += m[3 * a + b] / draws
        }
    }
    // Each entry has mean 0 and variance 1/3 under the uniform distribution.
    for (const value of mean) expect(Math.abs(value)).toBeLessThan(5 * Math.sqrt(1 / 3 / draws))
  })
})
