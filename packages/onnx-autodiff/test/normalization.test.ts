import fc from 'fast-check'
import { describe, it } from 'vitest'
import { checkGradient } from './support/check-gradient.ts'
import type { Random } from './support/random.ts'

const positive = (random: Random): number => 0.5 + random()

const volume = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  groups: fc.integer({ min: 1, max: 3 }),
  perGroup: fc.integer({ min: 1, max: 2 }),
  size: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 3 })
})

const check = async (
  run: (value: { batch: number; groups: number; perGroup: number; size: number[]; seed: number }) => Promise<unknown>
) =>
  fc.assert(
    fc.asyncProperty(volume, fc.nat(), async (value, seed) => {
      await run({ ...value, seed })
    }),
    { numRuns: 10, seed: 61 }
  )

describe('normalizations', () => {
  it('BatchNormalization at inference, with all its parameters', async () => {
    await check(async ({ batch, groups, size, seed }) => {
      const channel = { shape: [groups] }
      await checkGradient({
        seed,
        tolerance: 5e-4,
        inputs: {
          x: { shape: [batch, groups, ...size] },
          scale: channel,
          bias: channel,
          mean: channel,
          variance: { ...channel, draw: positive }
        },
        build: (graph, values) => graph.node('BatchNormalization', Object.values(values), { epsilon: 0.1 })
      })
    })
  })

  it('InstanceNormalization', async () => {
    await check(async ({ batch, groups, size, seed }) => {
      await checkGradient({
        seed,
        inputs: { x: { shape: [batch, groups, ...size] }, scale: { shape: [groups] }, bias: { shape: [groups] } },
        build: (graph, values) => graph.node('InstanceNormalization', Object.values(values), { epsilon: 0.1 })
      })
    })
  })

  it.each([18, 21])('GroupNormalization of opset %i', async (opset) => {
    await check(async ({ batch, groups, perGroup, size, seed }) => {
      const parameters = { shape: [opset === 18 ? groups : groups * perGroup] }
      await checkGradient({
        seed,
        opset,
        inputs: { x: { shape: [batch, groups * perGroup, ...size] }, scale: parameters, bias: parameters },
        build: (graph, values) =>
          graph.node('GroupNormalization', Object.values(values), { num_groups: groups, epsilon: 0.1 })
      })
    })
  })

  it('LayerNormalization from any axis, with and without bias', async () => {
    for (const [axis, scale] of [
      [-1, [4]],
      [1, [3, 4]],
      [2, [4]]
    ] as const) {
      for (const withBias of [true, false]) {
        await checkGradient({
          inputs: {
            x: { shape: [2, 3, 4] },
            scale: { shape: scale },
            ...(withBias ? { bias: { shape: scale } } : {})
          },
          build: (graph, values) => graph.node('LayerNormalization', Object.values(values), { axis, epsilon: 0.1 })
        })
      }
    }
  })

  it('LayerNormalization as PyTorch writes it below opset 17', async () => {
    await checkGradient({
      type: 'float64',
      inputs: { x: { shape: [2, 3, 5] }, scale: { shape: [5] } },
      build: (graph, { x = '', scale = '' }) => {
        const deviation = graph.sub(x, graph.reduceMean(x, [-1]))
        const two = graph.scalar(2, 'float64')
        const variance = graph.reduceMean(graph.pow(deviation, two), [-1])
        const normalized = graph.div(deviation, graph.sqrt(graph.add(variance, graph.scalar(0.1, 'float64'))))
        return graph.mul(normalized, scale)
      }
    })
  })

  it('RMSNormalization', async () => {
    await checkGradient({
      opset: 23,
      inputs: { x: { shape: [2, 3, 4] }, scale: { shape: [4] } },
      build: (graph, { x = '', scale = '' }) => graph.node('RMSNormalization', [x, scale], { epsilon: 0.1 })
    })
  })

  it('MeanVarianceNormalization', async () => {
    await checkGradient({
      inputs: { x: { shape: [3, 2, 4, 3] } },
      build: (graph, { x = '' }) => graph.node('MeanVarianceNormalization', [x])
    })
  })

  it.each([1, 2])('LpNormalization with p = %i', async (p) => {
    await checkGradient({
      inputs: { x: { shape: [3, 4], draw: positive } },
      build: (graph, { x = '' }) => graph.node('LpNormalization', [x], { p, axis: 1 })
    })
  })

  it.each(['Softmax', 'LogSoftmax'])('%s along any axis', async (opType) => {
    for (const axis of [-1, 0, 1]) {
      await checkGradient({
        type: 'float64',
        inputs: { x: { shape: [3, 4, 2] } },
        build: (graph, { x = '' }) => graph.node(opType, [x], { axis })
      })
    }
  })
})
