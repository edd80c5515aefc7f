import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGradient } from './support/check-gradient.ts'
import type { Case } from './support/check-gradient.ts'

const positive = (random: () => number): number => 0.5 + random()

/** Shapes that broadcast against each other: axes of one dropped from the front or set to 1. */
const broadcastable = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 })
  .chain((full) =>
    fc
      .tuple(
        ...[0, 1].map(() =>
          fc.tuple(fc.nat({ max: full.length - 1 }), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }))
        )
      )
      .map((choices) =>
        choices.map(([drop, single]) => full.map((length, axis) => (single[axis] ? 1 : length)).slice(drop))
      )
  )

const binary: [string, Pick<Case, 'type'> & { draw?: (random: () => number) => number }][] = [
  ['Add', { type: 'float64' }],
  ['Sub', { type: 'float64' }],
  ['Mul', { type: 'float64' }],
  ['Div', { type: 'float64', draw: positive }],
  ['Pow', { type: 'float64', draw: positive }],
  ['Max', { type: 'float64' }],
  ['Min', { type: 'float64' }],
  ['Sum', { type: 'float32' }],
  ['Mean', { type: 'float32' }]
]

describe('broadcasting arithmetic', () => {
  it.each(binary)('%s', async (opType, { type, draw }) => {
    await fc.assert(
      fc.asyncProperty(broadcastable, fc.nat(), async ([a = [], b = []], seed) => {
        const inputs = { a: { shape: a, ...(draw && { draw }) }, b: { shape: b, ...(draw && { draw }) } }
        await checkGradient({
          inputs,
          type: type ?? 'float32',
          seed,
          // Max and Min have kinks: a small step stays on one side of almost all of them.
          ...(opType === 'Max' || opType === 'Min' ? { step: 1e-5, tolerance: 1e-6 } : {}),
          build: (graph, values) => graph.node(opType, [values.a ?? '', values.b ?? ''])
        })
      }),
      { numRuns: 8, seed: 7 }
    )
  })

  it('a value times, minus or divided by itself', async () => {
    for (const opType of ['Mul', 'Sub', 'Add', 'Div']) {
      await checkGradient({
        type: 'float64',
        inputs: { x: { shape: [2, 3], draw: positive } },
        build: (graph, { x = '' }) => graph.mul(graph.node(opType, [x, x]), x)
      })
    }
  })

  it.each([1, 2, 3, 0.5, -1.5])('x to the constant power %s', async (exponent) => {
    await checkGradient({
      type: 'float64',
      inputs: { x: { shape: [3, 4], draw: positive } },
      build: (graph, { x = '' }) => graph.pow(x, graph.scalar(exponent, 'float64'))
    })
  })

  it('x to an integer power tensor', async () => {
    await checkGradient({
      inputs: { x: { shape: [2, 3], draw: positive } },
      build: (graph, { x = '' }) => graph.pow(x, graph.integers([1, 2, 3]))
    })
  })

  it('Where', async () => {
    await checkGradient({
      type: 'float32',
      inputs: { a: { shape: [3, 1, 4] }, b: { shape: [2, 1] } },
      build: (graph, { a = '', b = '' }) =>
        graph.where(graph.constant(Uint8Array.of(1, 0, 0, 1), [4], undefined, 'bool'), a, b)
    })
  })

  it('has no error where a value is used many times', async () => {
    const error = await checkGradient({
      type: 'float64',
      inputs: { x: { shape: [4] } },
      build: (graph, { x = '' }) => {
        let value = x
        for (let round = 0; round < 5; round += 1) value = graph.add(graph.tanh(value), graph.mul(value, x))
        return value
      }
    })
    expect(error).toBeLessThan(1e-7)
  })
})
