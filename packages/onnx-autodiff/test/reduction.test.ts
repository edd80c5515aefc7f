import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkAdjoint, checkGradient } from './support/check-gradient.ts'
import { gradientAt } from './support/gradient-at.ts'
import type { Random } from './support/random.ts'

const positive = (random: Random): number => 0.5 + random()

const reduced = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.option(
      fc.subarray(
        shape.map((_, axis) => axis),
        { minLength: 1 }
      ),
      { nil: undefined }
    ),
    keep: fc.boolean(),
    negative: fc.boolean()
  })
)

describe('reductions', () => {
  it.each([
    ['ReduceSum', 17],
    ['ReduceMean', 17],
    ['ReduceMean', 18],
    ['ReduceSumSquare', 18],
    ['ReduceProd', 18],
    ['ReduceL1', 18],
    ['ReduceL2', 13],
    ['ReduceLogSum', 18],
    ['ReduceLogSumExp', 18]
  ])('%s at opset %i', async (opType, opset) => {
    await fc.assert(
      fc.asyncProperty(reduced, fc.nat(), async ({ shape, axes, keep, negative }, seed) => {
        await checkGradient({
          opset,
          seed,
          tolerance: 5e-4,
          inputs: { x: { shape, draw: positive } },
          build: (graph, { x = '' }) => {
            const signed = axes?.map((axis) => (negative ? axis - shape.length : axis))
            return graph.reduce(opType, x, signed, keep)
          }
        })
      }),
      { numRuns: 8, seed: 21 }
    )
  })

  it.each(['ReduceMax', 'ReduceMin'])(
    '%s goes to the largest or smallest, equally where several are',
    async (opType) => {
      await checkGradient({
        step: 1e-3,
        tolerance: 5e-3,
        inputs: { x: { shape: [3, 4, 5] } },
        build: (graph, { x = '' }) => graph.reduce(opType, x, [0, 2], false)
      })
      expect(await gradientAt([2, 2, 2, 2], (graph, x) => graph.reduce(opType, x))).toEqual([0.25, 0.25, 0.25, 0.25])
    }
  )

  it('ReduceL2 has a finite gradient at zero', async () => {
    expect(await gradientAt([0, 0], (graph, x) => graph.reduce('ReduceL2', x))).toEqual([0, 0])
  })

  it('an empty list of axes that means none', async () => {
    await checkAdjoint([2, 3], (graph, x) =>
      graph.node('ReduceSum', [x, graph.integers([])], { noop_with_empty_axes: 1 })
    )
  })

  it.each([
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1]
  ])('CumSum, exclusive %i, reverse %i', async (exclusive, reverse) => {
    await checkAdjoint([3, 5, 2], (graph, x) =>
      graph.node('CumSum', [x, graph.constant(BigInt64Array.of(1n), [])], { exclusive, reverse })
    )
  })
})
