import { Tensor } from 'onnxruntime-node'

/** A graph's input as the runtime describes it, all sizes static. */
export interface InputDescription {
  name: string
  type: string
  shape: readonly number[]
}

/** Inputs of a step graph (step-graph.ts) or a denoiser that are no noise: weights, steps and symbols of their usual size. */
const constants: Readonly<Record<string, number>> = {
  step: 0.01,
  noiseScale: Math.sqrt(0.02),
  dataWeight: 1,
  priorWeight: 1,
  tetherWeight: 0.1,
  precision: 1,
  filterEven: 1,
  filterRootEven: 1,
  filterOdd: 0,
  filterRootOdd: 0,
  noiseLevel: 1,
  sigma: 1,
  noisePrecision: 1,
  rotationWeight: 0.125
}

/** Numbers to try a step graph on: noise of unit variance for volumes and latents, the same each time. */
export function trialFeeds(inputs: readonly InputDescription[]): Record<string, Tensor> {
  let state = 1
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  return Object.fromEntries(
    inputs.map(({ name, type, shape }) => {
      const count = shape.reduce((a, b) => a * b, 1)
      // Indices of rotations: every voxel stays where it is, in each tap.
      if (type === 'int32') {
        const last = shape.at(-1) ?? 1
        return [
          name,
          new Tensor(
            'int32',
            Int32Array.from({ length: count }, (_, i) => i % last),
            [...shape]
          )
        ]
      }
      const value = constants[name]
      const data = new Float32Array(count)
      if (value !== undefined) data.fill(value)
      else for (let i = 0; i < count; i++) data[i] = Math.sqrt(12) * uniform()
      return [name, new Tensor('float32', data, [...shape])]
    })
  )
}
