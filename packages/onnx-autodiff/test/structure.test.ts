import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Graph, Value } from '../src/index.ts'
import { checkAdjoint, checkGradient } from './support/check-gradient.ts'

const shapes = (maxRank: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: maxRank })

const run = async <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<unknown>): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      await check(value)
    }),
    { numRuns: 12, seed: 41 }
  )
}

const cases: [string, number[], (graph: Graph, x: Value) => Value][] = [
  ['Reshape', [2, 3, 4], (graph, x) => graph.reshape(x, [0, -1, 2])],
  ['Flatten', [2, 3, 4, 5], (graph, x) => graph.node('Flatten', [x], { axis: 2 })],
  ['Squeeze', [2, 1, 3, 1], (graph, x) => graph.squeeze(x, [1, -1])],
  ['Squeeze of all', [1, 1, 3], (graph, x) => graph.node('Squeeze', [x])],
  ['Unsqueeze', [2, 3], (graph, x) => graph.unsqueeze(x, [0, -1])],
  ['Transpose without a permutation', [2, 3, 4], (graph, x) => graph.node('Transpose', [x])],
  ['Expand', [3, 1], (graph, x) => graph.expand(x, [2, 1, 4])],
  ['Tile', [2, 3, 1], (graph, x) => graph.node('Tile', [x, graph.integers([2, 1, 3])])],
  ['DepthToSpace DCR', [2, 8, 3, 2], (graph, x) => graph.node('DepthToSpace', [x], { blocksize: 2 })],
  ['DepthToSpace CRD', [2, 8, 3, 2], (graph, x) => graph.node('DepthToSpace', [x], { blocksize: 2, mode: 'CRD' })],
  ['SpaceToDepth', [2, 3, 4, 6], (graph, x) => graph.node('SpaceToDepth', [x], { blocksize: 2 })],
  ['Trilu, upper', [2, 4, 5], (graph, x) => graph.node('Trilu', [x, graph.constant(BigInt64Array.of(1n), [])])],
  ['Trilu, lower', [2, 4, 5], (graph, x) => graph.node('Trilu', [x], { upper: 0 })],
  [
    'a three-dimensional pixel shuffle',
    [2, 16, 2, 3, 2],
    (graph, x) => {
      const parts = graph.transpose(graph.reshape(x, [2, 2, 2, 2, 2, 2, 3, 2]), [0, 1, 5, 2, 6, 3, 7, 4])
      return graph.reshape(parts, [2, 2, 4, 6, 4])
    }
  ],
  [
    'Split with sizes, one part unused',
    [2, 6],
    (graph, x) => {
      const [first = '', , third = ''] = graph.node(
        'Split',
        [x, graph.integers([1, 3, 2])],
        { axis: 1 },
        { outputs: 3 }
      )
      return graph.concat([third, first], 1)
    }
  ]
]

describe('structural operators are linear: their gradient is their adjoint', () => {
  it.each(cases)('%s', async (_, shape, build) => {
    await checkAdjoint(shape, build)
  })

  it('Transpose with any permutation', async () => {
    const permuted = shapes(5).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        permutation: fc.shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length }
        )
      })
    )
    await run(permuted, ({ shape, permutation }) => checkAdjoint(shape, (graph, x) => graph.transpose(x, permutation)))
  })

  it('Split into equal parts, at opsets 13 and 18', async () => {
    for (const opset of [13, 18]) {
      await checkAdjoint(
        [2, 6],
        (graph, x) => {
          const attributes = { axis: -1, num_outputs: opset === 18 ? 3 : undefined }
          const parts = graph.node('Split', [x], attributes, { outputs: 3 })
          return graph.mul(parts[0] ?? '', graph.add(graph.scalar(2), graph.mul(graph.scalar(0), parts[1] ?? '')))
        },
        { opset }
      )
    }
  })

  it('Concat of several inputs, some of them twice', async () => {
    await checkGradient({
      type: 'float64',
      inputs: { a: { shape: [2, 1, 3] }, b: { shape: [2, 4, 3] } },
      build: (graph, { a = '', b = '' }) => graph.concat([a, b, a], -2)
    })
  })
})

describe('Slice', () => {
  it('with any starts, ends and steps', async () => {
    const sliced = shapes(4).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        pieces: fc.tuple(
          ...shape.map((length) =>
            fc
              .record({
                start: fc.integer({ min: -length - 2, max: length + 2 }),
                end: fc.oneof(fc.integer({ min: -length - 2, max: length + 2 }), fc.constantFrom(2 ** 31, -(2 ** 31))),
                step: fc.constantFrom(1, 1, 1, 2, 3, -1, -2)
              })
              .filter(({ start, end, step }) => {
                // numpy's rules; empty results have nothing to check.
                const at = (value: number): number => (value < 0 ? value + length : value)
                const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)
                const first = step > 0 ? clamp(at(start), 0, length) : clamp(at(start), -1, length - 1)
                const stop = step > 0 ? clamp(at(end), 0, length) : clamp(at(end), -1, length - 1)
                return step > 0 ? first < stop : first > stop
              })
          )
        )
      })
    )
    await fc.assert(
      fc.asyncProperty(sliced, async ({ shape, pieces }) => {
        await checkAdjoint(shape, (graph, x) =>
          graph.slice(
            x,
            pieces.map(({ start }) => start),
            pieces.map(({ end }) => end),
            shape.map((_, axis) => (axis % 2 === 0 ? axis : axis - shape.length)),
            pieces.map(({ step }) => step)
          )
        )
      }),
      { numRuns: 40, seed: 42 }
    )
  })

  it('without axes and steps', async () => {
    await checkAdjoint([4, 5], (graph, x) =>
      graph.node('Slice', [x, graph.integers([1, 0]), graph.integers([-1, 2 ** 40])])
    )
  })
})

describe('Gather', () => {
  it('along any axis, indices repeated, negative and of any shape', async () => {
    const gathered = shapes(4).chain((shape) =>
      fc.nat({ max: shape.length - 1 }).chain((axis) =>
        fc.record({
          shape: fc.constant(shape),
          axis: fc.constant(axis),
          indices: fc.array(fc.integer({ min: -(shape[axis] ?? 1), max: (shape[axis] ?? 1) - 1 }), {
            minLength: 1,
            maxLength: 12
          }),
          computed: fc.boolean()
        })
      )
    )
    await run(gathered, ({ shape, axis, indices, computed }) =>
      checkAdjoint(shape, (graph, x) => {
        const constant = graph.constant(BigInt64Array.from(indices, BigInt), [1, indices.length])
        // Adding zero hides from the rule that the indices are constant.
        return graph.gather(x, computed ? graph.add(constant, graph.integers([0])) : constant, axis)
      })
    )
  })

  it('one element, by a rank-0 index', async () => {
    await checkAdjoint([3, 4, 2], (graph, x) => graph.gather(x, graph.constant(BigInt64Array.of(-1n), []), 1))
  })

  it('GatherElements, GatherND', async () => {
    await checkAdjoint([3, 4], (graph, x) =>
      graph.node('GatherElements', [x, graph.constant(BigInt64Array.of(0n, 1n, 1n, 1n, 3n, 0n), [3, 2])], { axis: 1 })
    )
    await checkAdjoint([3, 4, 2], (graph, x) =>
      graph.node('GatherND', [x, graph.constant(BigInt64Array.of(0n, 1n, 2n, 3n, 0n, 1n), [3, 2])])
    )
  })

  it.each(['none', 'add'])('ScatterElements and ScatterND, reduction %s', async (reduction) => {
    await checkGradient({
      inputs: { x: { shape: [3, 4] }, updates: { shape: [3, 2] } },
      build: (graph, { x = '', updates = '' }) =>
        graph.node('ScatterElements', [x, graph.constant(BigInt64Array.of(0n, 1n, 2n, 1n, 3n, 0n), [3, 2]), updates], {
          axis: 1,
          reduction
        })
    })
    await checkGradient({
      inputs: { x: { shape: [3, 4] }, updates: { shape: [2, 4] } },
      build: (graph, { x = '', updates = '' }) =>
        graph.node('ScatterND', [x, graph.constant(BigInt64Array.of(2n, 0n), [2, 1]), updates], { reduction })
    })
  })
})

describe('Pad', () => {
  const pads = fc.record({
    shape: fc.array(fc.integer({ min: 3, max: 5 }), { minLength: 1, maxLength: 4 }),
    before: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
    after: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 })
  })

  it.each(['constant', 'edge', 'reflect'])('%s', async (mode) => {
    await run(pads, ({ shape, before, after }) =>
      checkAdjoint(shape, (graph, x) => {
        const amounts = [...before.slice(0, shape.length), ...after.slice(0, shape.length)]
        return graph.node('Pad', [x, graph.integers(amounts)], { mode })
      })
    )
  })

  it('wide edges, by a matrix product', async () => {
    await checkAdjoint([2, 3, 2], (graph, x) =>
      graph.node('Pad', [x, graph.integers([0, 7, 6, 0, 6, 8])], { mode: 'edge' })
    )
  })

  it('wrap, and only some axes', async () => {
    await checkAdjoint([3, 4], (graph, x) => graph.node('Pad', [x, graph.integers([2, 1, 1, 3])], { mode: 'wrap' }), {
      opset: 19
    })
    await checkAdjoint(
      [3, 4, 2],
      (graph, x) => graph.node('Pad', [x, graph.integers([1, 2]), '', graph.integers([-2])], { mode: 'reflect' }),
      { opset: 18 }
    )
  })

  it('negative pads crop', async () => {
    await checkAdjoint([5, 6, 4], (graph, x) => graph.pad(x, [-1, 2, 0, 1, -3, -2]))
  })

  it('a pad value has no part in the gradient', async () => {
    await checkGradient({
      inputs: { x: { shape: [3] } },
      build: (graph, { x = '' }) => graph.pad(x, [1, 2], graph.scalar(5))
    })
  })
})
