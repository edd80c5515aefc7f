import { expect } from 'vitest'
import { Graph, gradient, inferShapes } from '../../src/index.ts'
import type { Tensor, Value } from '../../src/index.ts'
import { evaluate, open } from './runtime.ts'
import { dot, normal, numbers, randomFrom, randomTensor } from './random.ts'
import type { Random } from './random.ts'

export interface CheckedInput {
  shape: readonly number[]
  /** Draws an element; standard normal by default. */
  draw?: (random: Random) => number
  /** Not differentiated by. */
  fixed?: boolean
}

export interface Case {
  inputs: Readonly<Record<string, CheckedInput>>
  build: (graph: Graph, values: Record<string, Value>) => Value
  /** float64 where onnxruntime has the operator in it. */
  type?: 'float32' | 'float64'
  opset?: number
  portable?: boolean
  seed?: number
  /** Half-width of the central differences. */
  step?: number
  tolerance?: number
}

const shifted = (tensor: Tensor, direction: readonly number[], factor: number): Tensor => {
  const values = numbers(tensor).map((value, index) => value + factor * (direction[index] ?? 0))
  return { ...tensor, data: tensor.type === 'float64' ? Float64Array.from(values) : Float32Array.from(values) }
}

/** The direction that was really taken once the shifted values were rounded to the tensor's type. */
const difference = (a: Tensor, b: Tensor): number[] => {
  const second = numbers(b)
  return numbers(a).map((value, index) => value - (second[index] ?? 0))
}

/**
 * Compares <u, J v>, by central differences with Richardson extrapolation in random directions v, with <Jᵀ u, v> from the
 * gradient graph, for random u; once for each input alone and once for all together. Returns the largest relative error.
 */
export const checkGradient = async (test: Case): Promise<number> => {
  const type = test.type ?? 'float32'
  const random = randomFrom(test.seed ?? 1)
  const graph = new Graph({ opset: test.opset ?? 17 })
  const names = Object.keys(test.inputs)
  const feeds: Record<string, Tensor> = {}
  const values: Record<string, Value> = {}
  for (const [name, { shape, draw }] of Object.entries(test.inputs)) {
    values[name] = graph.input(name, type, shape)
    feeds[name] = randomTensor(type, shape, () => (draw ?? normal)(random))
  }
  const y = test.build(graph, values)
  const shapes = await inferShapes(graph, feeds, evaluate)
  const outputShape = shapes.get(y) ?? []
  const u = randomTensor(type, outputShape, () => normal(random))
  const seed = graph.input('seed', type, outputShape)
  const differentiated = names.filter((name) => test.inputs[name]?.fixed !== true)
  const gradients = gradient(graph, {
    of: y,
    withRespectTo: differentiated.map((name) => values[name] ?? ''),
    seed,
    shapes,
    portable: test.portable ?? false
  })
  graph.output(y, 'result')
  for (const name of differentiated) graph.output(gradients[values[name] ?? ''] ?? '', `d_${name}`)
  const run = await open(graph.encode())
  const outputs = differentiated.map((name) => `d_${name}`)
  const at = await run({ ...feeds, seed: u }, [...outputs, 'result'])
  for (const name of differentiated) expect([...(at[`d_${name}`]?.dims ?? [])]).toEqual([...(feeds[name]?.dims ?? [])])

  const weights = numbers(u)
  const step = test.step ?? (type === 'float64' ? 1e-3 : 3e-2)
  const slope = async (
    directions: Record<string, number[]>,
    h: number
  ): Promise<{ numeric: number; exact: number }> => {
    const moved = (factor: number): Record<string, Tensor> =>
      Object.fromEntries(
        Object.entries(feeds).map(([name, tensor]) => [name, shifted(tensor, directions[name] ?? [], factor)])
      )
    const [ahead, behind] = [moved(h), moved(-h)]
    const plus = await run({ ...ahead, seed: u }, ['result'])
    const minus = await run({ ...behind, seed: u }, ['result'])
    const numeric = dot(weights, numbers(plus.result)) - dot(weights, numbers(minus.result))
    let exact = 0
    for (const name of differentiated) {
      const [front, back] = [ahead[name], behind[name]]
      if (front !== undefined && back !== undefined) exact += dot(numbers(at[`d_${name}`]), difference(front, back))
    }
    return { numeric: numeric / (2 * h), exact: exact / (2 * h) }
  }
  let worst = 0
  const sets = differentiated.length > 1 ? [...differentiated.map((name) => [name]), differentiated] : [differentiated]
  for (const set of sets) {
    const directions: Record<string, number[]> = {}
    for (const name of set) directions[name] = numbers(feeds[name]).map(() => normal(random))
    const coarse = await slope(directions, step)
    const fine = await slope(directions, step / 2)
    const numeric = (4 * fine.numeric - coarse.numeric) / 3
    const length = Math.sqrt(
      set.reduce((sum, name) => {
        const part = numbers(at[`d_${name}`])
        return sum + dot(part, part)
      }, 0)
    )
    const error = Math.abs(numeric - fine.exact) / Math.max(length, 1e-3)
    worst = Math.max(worst, Number.isNaN(error) ? Infinity : error)
  }
  expect(worst).toBeLessThan(test.tolerance ?? (type === 'float64' ? 1e-7 : 1e-3))
  return worst
}

/**
 * For an operator that is linear in its input: <J v, u> = <v, Jᵀ u> without any step size, J v being the operator itself.
 * Returns the graph with the adjoint in it.
 */
export const checkAdjoint = async (
  shape: readonly number[],
  build: (graph: Graph, x: Value) => Value,
  { opset = 17, seed = 1, tolerance = 2e-5 }: { opset?: number; seed?: number; tolerance?: number } = {}
): Promise<Graph> => {
  const random = randomFrom(seed)
  const graph = new Graph({ opset })
  const x = graph.input('x', 'float32', shape)
  const v = randomTensor('float32', shape, () => normal(random))
  const y = build(graph, x)
  const shapes = await inferShapes(graph, { x: v }, evaluate)
  const outputShape = shapes.get(y) ?? []
  const u = randomTensor('float32', outputShape, () => normal(random))
  const seedValue = graph.input('seed', 'float32', outputShape)
  const gradients = gradient(graph, { of: y, withRespectTo: [x], seed: seedValue, shapes })
  graph.output(y, 'result')
  graph.output(gradients[x] ?? '', 'adjoint')
  const { result, adjoint } = await evaluate(graph.encode(), { x: v, seed: u }, ['result', 'adjoint'])
  expect([...(adjoint?.dims ?? [])]).toEqual([...shape])
  const [forward, backward] = [dot(numbers(result), numbers(u)), dot(numbers(v), numbers(adjoint))]
  const scale = Math.sqrt(dot(numbers(adjoint), numbers(adjoint)) * dot(numbers(v), numbers(v)))
  expect(Math.abs(forward - backward) / Math.max(scale, 1e-6)).toBeLessThan(tolerance)
  return graph
}
