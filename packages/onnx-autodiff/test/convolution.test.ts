import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Graph } from '../src/index.ts'
import { checkAdjoint, checkGradient } from './support/check-gradient.ts'
import { normal, randomFrom, randomTensor } from './support/random.ts'

interface Geometry {
  rank: number
  batch: number
  groups: number
  inputs: number
  outputs: number
  size: number[]
  kernel: number[]
  strides: number[]
  dilations: number[]
  begins: number[]
  ends: number[]
}

const perAxis = (rank: number, min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })

/** Any convolution whose kernel fits into its padded input. */
const geometry: fc.Arbitrary<Geometry> = fc.integer({ min: 1, max: 3 }).chain((rank) =>
  fc
    .record({
      rank: fc.constant(rank),
      batch: fc.integer({ min: 1, max: 2 }),
      groups: fc.integer({ min: 1, max: 2 }),
      inputs: fc.integer({ min: 1, max: 3 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      size: perAxis(rank, 1, 7),
      kernel: perAxis(rank, 1, 4),
      strides: perAxis(rank, 1, 3),
      dilations: perAxis(rank, 1, 3),
      begins: perAxis(rank, 0, 3),
      ends: perAxis(rank, 0, 3)
    })
    .map((parts) => ({
      ...parts,
      size: parts.size.map((length, axis) => {
        const extent = ((parts.kernel[axis] ?? 1) - 1) * (parts.dilations[axis] ?? 1) + 1
        return Math.max(length, extent - (parts.begins[axis] ?? 0) - (parts.ends[axis] ?? 0))
      })
    }))
)

const weightOf = (graph: Graph, shape: readonly number[], seed = 3): string => {
  const random = randomFrom(seed)
  return graph.constant(randomTensor('float32', shape, () => normal(random)).data, shape)
}

const kernelAttributes = ({ kernel, strides, dilations, begins, ends, groups }: Geometry) => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...begins, ...ends],
  group: groups
})

describe('Conv', () => {
  it('has the adjoint of its input, for any geometry', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async (parts) => {
        const { batch, groups, inputs, outputs, size, kernel } = parts
        await checkAdjoint([batch, groups * inputs, ...size], (graph, x) =>
          graph.node('Conv', [x, weightOf(graph, [groups * outputs, inputs, ...kernel])], kernelAttributes(parts))
        )
      }),
      { numRuns: 60, seed: 11 }
    )
  })

  it('has the gradients of input, weight and bias', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, fc.nat(), async (parts, seed) => {
        const { batch, groups, inputs, outputs, size, kernel } = parts
        await checkGradient({
          seed,
          tolerance: 1e-4,
          step: 0.5,
          inputs: {
            x: { shape: [batch, groups * inputs, ...size] },
            w: { shape: [groups * outputs, inputs, ...kernel] },
            b: { shape: [groups * outputs] }
          },
          build: (graph, { x = '', w = '', b = '' }) => graph.node('Conv', [x, w, b], kernelAttributes(parts))
        })
      }),
      { numRuns: 25, seed: 12 }
    )
  })

  it.each(['SAME_UPPER', 'SAME_LOWER', 'VALID'])('auto_pad %s', async (autoPad) => {
    for (const [size, stride] of [
      [7, 2],
      [6, 2],
      [5, 1],
      [8, 3]
    ] as const) {
      await checkAdjoint([1, 2, size, size + 1], (graph, x) =>
        graph.node('Conv', [x, weightOf(graph, [3, 2, 4, 3])], { auto_pad: autoPad, strides: [stride, stride] })
      )
    }
  })

  it.each([
    ['3-D, kernel 3, stride 1', [3, 3, 3], [1, 1, 1], [1, 1, 1], [8, 7, 6]],
    ['3-D, kernel 3, stride 2', [3, 3, 3], [2, 2, 2], [1, 1, 1], [8, 7, 6]],
    ['3-D, kernel 4, stride 2', [4, 4, 4], [2, 2, 2], [1, 1, 1], [8, 6, 10]],
    ['3-D, kernel 2, stride 2', [2, 2, 2], [2, 2, 2], [0, 0, 0], [8, 7, 6]],
    ['3-D, kernel 1, stride 2', [1, 1, 1], [2, 2, 2], [0, 0, 0], [8, 7, 6]],
    ['one strided axis', [3, 3, 3], [1, 2, 1], [1, 1, 1], [5, 6, 7]]
  ])('%s needs no ConvTranspose', async (_, kernel, strides, begins, size) => {
    const graph = await checkAdjoint([2, 2, ...size], (target, x) =>
      target.node('Conv', [x, weightOf(target, [3, 2, ...kernel])], { strides, pads: [...begins, ...begins] })
    )
    expect(graph.nodes.map(({ opType }) => opType)).not.toContain('ConvTranspose')
  })
})

describe('ConvTranspose', () => {
  const transposed = geometry.chain((parts) =>
    fc.array(fc.nat({ max: 2 }), { minLength: parts.rank, maxLength: parts.rank }).map((extra) => {
      const outputPadding = extra.map((more, axis) => Math.min(more, (parts.strides[axis] ?? 1) - 1))
      // Pads cut the output, of which something must be left.
      const size = parts.size.map((length, axis) => {
        const cut = (parts.begins[axis] ?? 0) + (parts.ends[axis] ?? 0)
        const spare = ((parts.kernel[axis] ?? 1) - 1) * (parts.dilations[axis] ?? 1)
        return Math.max(length, Math.ceil((cut - spare) / (parts.strides[axis] ?? 1)) + 1)
      })
      return { ...parts, size, outputPadding }
    })
  )

  it('has the gradients of input, weight and bias, for any geometry', async () => {
    await fc.assert(
      fc.asyncProperty(transposed, fc.nat(), async (parts, seed) => {
        const { batch, groups, inputs, outputs, size, kernel, outputPadding } = parts
        await checkGradient({
          seed,
          tolerance: 1e-4,
          step: 0.5,
          inputs: {
            x: { shape: [batch, groups * inputs, ...size] },
            w: { shape: [groups * inputs, outputs, ...kernel] },
            b: { shape: [groups * outputs] }
          },
          build: (graph, { x = '', w = '', b = '' }) =>
            graph.node('ConvTranspose', [x, w, b], { ...kernelAttributes(parts), output_padding: outputPadding })
        })
      }),
      { numRuns: 40, seed: 13 }
    )
  })

  it.each(['SAME_UPPER', 'SAME_LOWER'])('auto_pad %s and a given output shape', async (autoPad) => {
    for (const outputShape of [undefined, [9, 10]]) {
      await checkAdjoint([1, 2, 5, 5], (graph, x) =>
        graph.node('ConvTranspose', [x, weightOf(graph, [2, 3, 3, 3])], {
          auto_pad: autoPad,
          strides: [2, 2],
          output_shape: outputShape
        })
      )
    }
  })
})
