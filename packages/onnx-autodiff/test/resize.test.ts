import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Graph, Value } from '../src/index.ts'
import { checkAdjoint } from './support/check-gradient.ts'

const byScales = (
  graph: Graph,
  x: Value,
  scales: readonly number[],
  attributes: Record<string, string | number>
): Value => graph.node('Resize', [x, '', graph.constant(Float32Array.from(scales), [scales.length])], attributes)

const bySizes = (
  graph: Graph,
  x: Value,
  sizes: readonly number[],
  attributes: Record<string, string | number>
): Value => graph.node('Resize', [x, '', '', graph.integers(sizes)], attributes)

const coordinates = ['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel']

describe('Resize', () => {
  it.each(coordinates.flatMap((c) => ['nearest', 'linear'].map((mode) => [mode, c] as const)))(
    '%s, %s, any sizes',
    async (mode, coordinate) => {
      const resized = fc.integer({ min: 1, max: 3 }).chain((rank) =>
        fc.record({
          from: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: rank, maxLength: rank }),
          to: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: rank, maxLength: rank })
        })
      )
      await fc.assert(
        fc.asyncProperty(resized, async ({ from, to }) => {
          await checkAdjoint([2, 2, ...from], (graph, x) =>
            bySizes(graph, x, [2, 2, ...to], { mode, coordinate_transformation_mode: coordinate })
          )
        }),
        { numRuns: 12, seed: 71 }
      )
    }
  )

  it('nearest by 2 in three dimensions, as U-Nets do', async () => {
    await checkAdjoint([2, 3, 3, 4, 2], (graph, x) =>
      byScales(graph, x, [1, 1, 2, 2, 2], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor'
      })
    )
  })

  it('linear by 2 in three dimensions, as U-Nets do', async () => {
    for (const coordinate of coordinates) {
      await checkAdjoint([2, 3, 3, 4, 2], (graph, x) =>
        byScales(graph, x, [1, 1, 2, 2, 2], { mode: 'linear', coordinate_transformation_mode: coordinate })
      )
    }
  })

  it.each(['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'])('nearest, rounding by %s', async (nearest) => {
    for (const coordinate of coordinates) {
      await checkAdjoint([1, 1, 5, 4], (graph, x) =>
        bySizes(graph, x, [1, 1, 8, 3], {
          mode: 'nearest',
          coordinate_transformation_mode: coordinate,
          nearest_mode: nearest
        })
      )
    }
  })

  it('cubic in two dimensions', async () => {
    for (const exclude of [0, 1]) {
      await checkAdjoint([2, 2, 5, 4], (graph, x) =>
        bySizes(graph, x, [2, 2, 9, 7], { mode: 'cubic', exclude_outside: exclude, cubic_coeff_a: -0.5 })
      )
    }
  })

  it('scales that do not give whole sizes', async () => {
    for (const coordinate of ['half_pixel', 'asymmetric']) {
      await checkAdjoint([1, 2, 5, 7], (graph, x) =>
        byScales(graph, x, [1, 1, 1.3, 0.6], { mode: 'linear', coordinate_transformation_mode: coordinate })
      )
    }
  })

  it('only some axes, and half_pixel_symmetric', async () => {
    await checkAdjoint(
      [1, 2, 5, 7],
      (graph, x) =>
        graph.node('Resize', [x, '', graph.constant(Float32Array.of(1.7, 1.3), [2])], {
          mode: 'linear',
          axes: [2, 3],
          coordinate_transformation_mode: 'half_pixel_symmetric'
        }),
      { opset: 19 }
    )
  })
})
