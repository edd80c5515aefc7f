import { describe, expect, it } from 'vitest'
import { adamStep, createAdam } from './adam.ts'
import { minimiseLbfgs, twoLoop } from './lbfgs.ts'
import type { Evaluation, LbfgsOptions } from './lbfgs.ts'

const options: LbfgsOptions = { memory: 8, iterations: 200, relativeDecrease: 1e-9 }

/** 1/2 (x - c)' A (x - c) with eigenvalues from 1 to 1000. */
function quadratic(n: number): { evaluate(x: Float32Array): Evaluation; target: number[]; scale: number[] } {
  const scale = Array.from({ length: n }, (_, i) => 1000 ** (i / (n - 1)))
  const target = Array.from({ length: n }, (_, i) => Math.sin(i + 1))
  return {
    scale,
    target,
    evaluate: (x) => ({
      value: x.reduce((sum, v, i) => sum + 0.5 * scale[i] * (v - target[i]) ** 2, 0),
      gradient: x.map((v, i) => scale[i] * (v - target[i]))
    })
  }
}

describe('L-BFGS', () => {
  it('finds the minimum of an ill-conditioned quadratic', async () => {
    const { evaluate, target } = quadratic(30)
    const result = await minimiseLbfgs(new Float32Array(30), async (x) => evaluate(x), options)
    result.point.forEach((v, i) => expect(v).toBeCloseTo(target[i], 3))
  })

  it('needs one iteration with the exact inverse Hessian', async () => {
    const { evaluate, target, scale } = quadratic(30)
    const result = await minimiseLbfgs(new Float32Array(30), async (x) => evaluate(x), {
      ...options,
      iterations: 1,
      precondition: (v) => v.map((x, i) => x / scale[i])
    })
    result.point.forEach((v, i) => expect(v).toBeCloseTo(target[i], 5))
  })

  it('goes down the valley of Rosenbrock', async () => {
    const evaluate = async ([x, y]: Float32Array): Promise<Evaluation> => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      gradient: Float32Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x))
    })
    const result = await minimiseLbfgs(Float32Array.of(-1.2, 1), evaluate, options)
    expect(result.point[0]).toBeCloseTo(1, 2)
    expect(result.point[1]).toBeCloseTo(1, 2)
    expect(result.iterations).toBeLessThan(80)
  })

  it('can be stopped and never returns a worse point', async () => {
    const { evaluate } = quadratic(10)
    const seen: number[] = []
    const result = await minimiseLbfgs(new Float32Array(10), async (x) => evaluate(x), {
      ...options,
      onIteration: (iteration, _, value) => {
        seen.push(value)
        return iteration < 3
      }
    })
    expect(result.reason).toBe('stopped')
    expect(seen.length).toBe(3)
    expect(result.value).toBe(seen[2])
    expect(seen[2]).toBeLessThan(seen[0])
  })

  it('builds the BFGS inverse Hessian', () => {
    // One pair: H = (I - rho s y') H0 (I - rho y s') + rho s s', written out.
    const s = Float32Array.of(1, 2)
    const y = Float32Array.of(3, 0.5)
    const rho = 1 / (1 * 3 + 2 * 0.5)
    const g = [0.7, -1.1]
    const v = [g[0] - rho * y[0] * (s[0] * g[0] + s[1] * g[1]), g[1] - rho * y[1] * (s[0] * g[0] + s[1] * g[1])]
    const h0 = [2 * v[0], 5 * v[1]]
    const projected = y[0] * h0[0] + y[1] * h0[1]
    const expected = s.map((si, i) => -(h0[i] - rho * si * projected + rho * si * (s[0] * g[0] + s[1] * g[1])))
    const direction = twoLoop(Float32Array.from(g), [{ s, y, rho }], (q) => Float32Array.of(2 * q[0], 5 * q[1]))
    direction.forEach((d, i) => expect(d).toBeCloseTo(expected[i], 5))
  })
})

describe('Adam', () => {
  it('moves by the rate in each direction at first, whatever the gradient', () => {
    const point = Float32Array.of(1, -1)
    adamStep(createAdam(2), point, Float32Array.of(1e-3, -50), 0.1)
    expect(point[0]).toBeCloseTo(0.9, 4)
    expect(point[1]).toBeCloseTo(-0.9, 4)
  })

  it('comes close to the minimum', () => {
    const { evaluate, target } = quadratic(10)
    const point = new Float32Array(10)
    const state = createAdam(10)
    for (let n = 0; n < 2000; n++) adamStep(state, point, evaluate(point).gradient, 0.05 / (1 + n / 100))
    point.forEach((v, i) => expect(Math.abs(v - target[i])).toBeLessThan(0.01))
  })
})
