import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { defaultWedge } from '../../../shared/wedge.ts'
import { voxelCount } from '../../fourier/field.ts'
import { testNoise } from '../../fourier/fixtures/noise.ts'
import { applyMultiplier } from '../../fourier/multiplier.ts'
import { wedgeMask } from '../../wedge/mask.ts'
import { createWedgeOperator } from '../../wedge/operator.ts'
import { gaussianPosterior, type GaussianModel } from './closed-form.ts'
import { spectrumOf } from './radial-spectrum.ts'

const size: ZYX = [4, 3, 5]
const count = voxelCount(size)
const wedge = { ...defaultWedge, tiltMin: -48, tiltMax: 60 }
const mask = wedgeMask(wedge, size)
const spectrum = { logPower: Float32Array.from({ length: 20 }, (_, i) => 2 - i / 5) }
const model: GaussianModel = {
  size,
  mask,
  priorPrecision: spectrumOf(spectrum, size).map((s) => 1 / s),
  response: Float64Array.from(spectrumOf({ logPower: Float32Array.from([0, -1]) }, size)),
  lambda: 1.7,
  beta: 0.6,
  gamma: 1.3
}
const y = testNoise(count, 1)
const zbar = testNoise(count, 2)

/** The dense matrix of a filter. */
const matrixOf = (symbol: ArrayLike<number>): Float64Array[] =>
  Array.from({ length: count }, (_, column) => {
    const unit = new Float64Array(count)
    unit[column] = 1
    return applyMultiplier(unit, size, symbol)
  })

/** Solves a x = b by Gaussian elimination. */
function solve(a: Float64Array[], b: ArrayLike<number>): Float64Array {
  const rows = a.map((row, i) => Float64Array.from([...row, b[i]]))
  for (let i = 0; i < count; i++) {
    const pivot = rows.slice(i).reduce((best, row, j) => (Math.abs(row[i]) > Math.abs(rows[best][i]) ? i + j : best), i)
    ;[rows[i], rows[pivot]] = [rows[pivot], rows[i]]
    for (let j = 0; j < count; j++) {
      if (j === i) continue
      const factor = rows[j][i] / rows[i][i]
      for (let k = i; k <= count; k++) rows[j][k] -= factor * rows[i][k]
    }
  }
  return Float64Array.from(rows, (row, i) => row[count] / row[i])
}

describe('gaussianPosterior (oracle 8.1)', () => {
  const posterior = gaussianPosterior(model, y, zbar)
  const { lambda, beta, gamma } = model
  const response = Float64Array.from(model.response!)
  // Real-space precision of the same posterior by dense linear algebra: (lambda A' T A + Q) / gamma + beta I.
  const hessian = matrixOf(response.map((a, i) => (lambda * mask[i] * a * a + model.priorPrecision[i]) / gamma))
  for (let i = 0; i < count; i++) hessian[i][i] += beta

  it('has the mean of the dense linear system', () => {
    const data = applyMultiplier(
      y,
      size,
      response.map((a, i) => a * mask[i])
    )
    const mean = solve(
      hessian,
      data.map((v, i) => (lambda / gamma) * v + beta * zbar[i])
    )
    mean.forEach((v, i) => expect(posterior.mean[i]).toBeCloseTo(v, 10))
  })

  it('has the voxel variance of the dense inverse, split into wedge and measured', () => {
    // Diagonal of A H^-1 A' at one voxel, and of its wedge and measured parts.
    const varianceOf = (symbol: Float64Array): number => {
      const unit = new Float64Array(count)
      unit[7] = 1
      const column = applyMultiplier(unit, size, symbol)
      const solved = applyMultiplier(solve(hessian, column), size, symbol)
      return solved[7]
    }
    expect(posterior.variance).toBeCloseTo(varianceOf(response), 10)
    expect(posterior.wedgeVariance).toBeCloseTo(varianceOf(response.map((a, i) => a * (1 - mask[i]))), 10)
    expect(posterior.measuredVariance).toBeCloseTo(varianceOf(response.map((a, i) => a * mask[i])), 10)
    expect(posterior.wedgeVariance + posterior.measuredVariance).toBeCloseTo(posterior.variance, 12)
  })

  it('has the misfit that T_M gives in real space', () => {
    const operator = createWedgeOperator(wedge, size)
    const volume = applyMultiplier(posterior.mean, size, response)
    const residual = operator.apply(Float32Array.from(y, (v, i) => v - volume[i]))
    const misfit = (lambda * residual.reduce((sum, v) => sum + v * v, 0)) / (count * operator.measuredFraction)
    expect(posterior.misfit.mean).toBeCloseTo(misfit, 5)
    const spread = (lambda * posterior.measuredVariance) / operator.measuredFraction
    expect(posterior.misfit.family).toBeCloseTo(misfit + spread, 5)
  })

  it('collapses to the MAP for gamma -> 0 and becomes kappa for gamma -> infinity', () => {
    const cold = gaussianPosterior({ ...model, gamma: 1e-9 }, y, zbar)
    expect(cold.variance).toBeLessThan(1e-8)
    const map = gaussianPosterior({ ...model, beta: 0, gamma: 1 }, y)
    map.mean.forEach((v, i) => expect(cold.mean[i]).toBeCloseTo(v, 6))
    const hot = gaussianPosterior({ ...model, gamma: 1e9 }, y, zbar)
    zbar.forEach((v, i) => expect(hot.mean[i]).toBeCloseTo(v, 6))
    expect(hot.precision.every((p) => Math.abs(p - beta) < 1e-6)).toBe(true)
  })

  it('asks for zbar where it is tethered', () => {
    expect(() => gaussianPosterior(model, y)).toThrow(/zbar/)
  })
})
