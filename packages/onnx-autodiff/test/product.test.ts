import fc from 'fast-check'
import { describe, it } from 'vitest'
import { checkGradient } from './support/check-gradient.ts'

const extent = fc.integer({ min: 1, max: 4 })

describe('MatMul', () => {
  it('with any ranks, batches broadcast', async () => {
    const operands = fc.record({
      m: fc.option(extent, { nil: undefined }),
      k: extent,
      n: fc.option(extent, { nil: undefined }),
      batch: fc.array(extent, { maxLength: 2 }),
      singleA: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
      singleB: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
      dropA: fc.nat({ max: 2 }),
      dropB: fc.nat({ max: 2 })
    })
    await fc.assert(
      fc.asyncProperty(operands, fc.nat(), async ({ m, k, n, batch, singleA, singleB, dropA, dropB }, seed) => {
        const batchOf = (single: boolean[], drop: number): number[] =>
          batch.map((length, axis) => (single[axis] ? 1 : length)).slice(drop)
        // A vector has no batch.
        const a = m === undefined ? [k] : [...batchOf(singleA, dropA), m, k]
        const b = n === undefined ? [k] : [...batchOf(singleB, dropB), k, n]
        await checkGradient({
          type: 'float64',
          seed,
          inputs: { a: { shape: a }, b: { shape: b } },
          build: (graph, values) => graph.matmul(values.a ?? '', values.b ?? '')
        })
      }),
      { numRuns: 40, seed: 31 }
    )
  })
})

describe('Gemm', () => {
  it.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1]
  ])('transposed %i, %i', async (transA, transB) => {
    for (const c of [undefined, [3, 4], [4], [3, 1], []]) {
      await checkGradient({
        type: 'float64',
        inputs: {
          a: { shape: transA === 1 ? [2, 3] : [3, 2] },
          b: { shape: transB === 1 ? [4, 2] : [2, 4] },
          ...(c === undefined ? {} : { c: { shape: c } })
        },
        build: (graph, values) =>
          graph.node('Gemm', Object.values(values), { transA, transB, alpha: 0.7, beta: c === undefined ? 1 : 1.3 })
      })
    }
  })
})

describe('Einsum', () => {
  it.each<[string, number[][]]>([
    [
      'ij,jk->ik',
      [
        [2, 3],
        [3, 4]
      ]
    ],
    [
      'bij,bjk->bik',
      [
        [2, 2, 3],
        [2, 3, 4]
      ]
    ],
    [
      'bhqd,bhkd->bhqk',
      [
        [2, 2, 3, 4],
        [2, 2, 5, 4]
      ]
    ],
    [
      '...ij,jk->...ik',
      [
        [2, 2, 2, 3],
        [3, 4]
      ]
    ],
    [
      '...ij,...jk',
      [
        [2, 2, 3],
        [2, 3, 4]
      ]
    ],
    ['ij->ji', [[2, 3]]],
    ['ijk->j', [[2, 3, 4]]],
    [
      'ij,ij->',
      [
        [2, 3],
        [2, 3]
      ]
    ],
    ['i,j->ij', [[2], [3]]],
    [
      'ij,kl->il',
      [
        [2, 3],
        [4, 2]
      ]
    ],
    [
      'ij, jk',
      [
        [2, 3],
        [3, 4]
      ]
    ],
    [
      'abc,cd,de->abe',
      [
        [2, 2, 3],
        [3, 2],
        [2, 4]
      ]
    ]
  ])('%s', async (equation, shapes) => {
    await checkGradient({
      type: 'float64',
      inputs: Object.fromEntries(shapes.map((shape, index) => [`x${index}`, { shape }])),
      build: (graph, values) => graph.node('Einsum', Object.values(values), { equation })
    })
  })
})
