import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Graph, Value } from '../src/index.ts'
import { gradientAt } from './support/gradient-at.ts'
import { checkAdjoint, checkGradient } from './support/check-gradient.ts'

const perAxis = (rank: number, min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })

const windows = fc.integer({ min: 1, max: 3 }).chain((rank) =>
  fc
    .record({
      size: perAxis(rank, 4, 8),
      kernel: perAxis(rank, 1, 4),
      strides: perAxis(rank, 1, 3),
      begins: perAxis(rank, 0, 2),
      ends: perAxis(rank, 0, 2),
      ceil: fc.boolean(),
      includePads: fc.boolean()
    })
    .map((parts) => {
      // The runtime refuses pads as wide as the kernel.
      const limit = (pads: number[]): number[] => pads.map((pad, axis) => Math.min(pad, (parts.kernel[axis] ?? 1) - 1))
      return { ...parts, begins: limit(parts.begins), ends: limit(parts.ends) }
    })
    // Where rounding up adds a window that lies in the padding alone, onnxruntime's shape inference and its kernel
    // disagree about that window.
    .filter(({ size, kernel, strides, begins, ends, ceil }) =>
      size.every((length, axis) => {
        const [stride = 1, begin = 0] = [strides[axis], begins[axis]]
        const steps = Math.ceil((length + begin + (ends[axis] ?? 0) - (kernel[axis] ?? 1)) / stride)
        return !ceil || steps * stride - begin < length
      })
    )
)

describe('AveragePool', () => {
  it('with any window, pads counted or not', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async ({ size, kernel, strides, begins, ends, ceil, includePads }) => {
        await checkAdjoint(
          [2, 2, ...size],
          (graph, x) =>
            graph.node('AveragePool', [x], {
              kernel_shape: kernel,
              strides,
              pads: [...begins, ...ends],
              ceil_mode: ceil,
              count_include_pad: includePads
            }),
          { opset: 19 }
        )
      }),
      { numRuns: 50, seed: 51 }
    )
  })

  it.each(['SAME_UPPER', 'SAME_LOWER', 'VALID'])('auto_pad %s', async (autoPad) => {
    await checkAdjoint([1, 2, 7, 8], (graph, x) =>
      graph.node('AveragePool', [x], { kernel_shape: [3, 2], strides: [2, 2], auto_pad: autoPad })
    )
  })

  it('dilated', async () => {
    await checkAdjoint(
      [1, 2, 9, 8],
      (graph, x) => graph.node('AveragePool', [x], { kernel_shape: [3, 2], dilations: [2, 3], pads: [1, 1, 0, 1] }),
      { opset: 19 }
    )
  })
})

describe('MaxPool', () => {
  it.each([
    ['by indices', false],
    ['by comparison', true]
  ])('with any window, %s', async (_, portable) => {
    await fc.assert(
      fc.asyncProperty(windows, fc.nat(), async ({ size, kernel, strides, begins, ends, ceil }, seed) => {
        await checkGradient({
          opset: 13,
          portable,
          seed,
          step: 1e-4,
          tolerance: 2e-2,
          inputs: { x: { shape: [2, 2, ...size] } },
          build: (graph, { x = '' }) =>
            graph.node('MaxPool', [x], { kernel_shape: kernel, strides, pads: [...begins, ...ends], ceil_mode: ceil })
        })
      }),
      { numRuns: 25, seed: 52 }
    )
  })

  it.each([false, true])('gives a tie to the first of the window (portable: %s)', async (portable) => {
    const pool = (graph: Graph, x: Value): Value =>
      graph.node('MaxPool', [graph.reshape(x, [1, 1, 6])], { kernel_shape: [3], strides: [2], pads: [1, 0] })
    expect(await gradientAt([2, 2, 2, 2, 2, 1], pool, 16, portable)).toEqual([1, 1, 0, 1, 0, 0])
  })

  it('keeps the opset where windows do not overlap', async () => {
    const graph = await checkAdjoint(
      [2, 3, 4, 6, 4],
      (target, x) => target.node('MaxPool', [x], { kernel_shape: [2, 2, 2], strides: [2, 2, 2] }),
      { opset: 13 }
    )
    expect(graph.opset).toBe(13)
  })
})

describe('global pools', () => {
  it.each(['GlobalAveragePool', 'GlobalMaxPool'])('%s', async (opType) => {
    await checkGradient({
      step: 1e-3,
      tolerance: 2e-3,
      inputs: { x: { shape: [2, 3, 4, 5, 2] } },
      build: (graph, { x = '' }) => graph.node(opType, [x])
    })
  })
})
