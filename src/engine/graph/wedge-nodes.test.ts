import { Graph } from 'onnx-autodiff'
import { describe, expect, it } from 'vitest'
import type { Axis, ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { applyMultiplier } from '../fourier/multiplier.ts'
import { fillNormal } from '../sampling/noise/normal.ts'
import { broadcastPlane, wedgePlane } from '../wedge/mask.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { splitSymbol } from '../wedge/symbol.ts'
import { CasNodes } from './cas.ts'
import type { BatchShape } from './cas.ts'
import { posteriorPrecision } from './preconditioner.ts'
import { floatTensor, openSession } from './session.ts'
import { isAsymmetric, wedgeFilter } from './wedge-nodes.ts'

const noise = (length: number, chain = 0): Float32Array => {
  const out = new Float32Array(length)
  fillNormal(out, 0, length, 0, { seed: 5, chain, step: 0, purpose: 'start' })
  return out
}

async function runGraph(graph: Graph, input: Float32Array, shape: BatchShape): Promise<Float32Array> {
  const session = await openSession(graph.encode(), { device: 'cpu', threads: 1 })
  try {
    return (await session.run({ x: floatTensor(input, shape) }, ['out'])).out.data as Float32Array
  } finally {
    await session.close()
  }
}

const axisPairs: [Axis, Axis][] = [
  ['y', 'z'],
  ['x', 'z'],
  ['y', 'x'],
  ['z', 'x'],
  ['x', 'y'],
  ['z', 'y']
]
const sizes: ZYX[] = [
  [8, 8, 8],
  [5, 12, 9],
  [7, 6, 1]
]
const ranges: [number, number, number][] = [
  [-60, 60, 0],
  [-48, 60, 0],
  [-40, 66, 3]
]

describe('T_M inside the graph (oracle 8.3)', () => {
  for (const [tiltAxis, beamAxis] of axisPairs)
    it(`equals the plain FFT code, tilt axis ${tiltAxis}, beam ${beamAxis}`, async () => {
      for (const size of sizes)
        for (const [tiltMin, tiltMax, edgeSoftness] of ranges) {
          const wedge: Wedge = { tiltAxis, beamAxis, tiltMin, tiltMax, edgeSoftness, lowPass: null }
          const plane = wedgePlane(wedge, size)
          const voxels = size[0] * size[1] * size[2]
          const shape: BatchShape = [2, 1, ...size]
          const graph = new Graph({ opset: 17 })
          const x = graph.input('x', 'float32', shape)
          graph.output(new CasNodes(graph, shape).filter(x, wedgeFilter(graph, plane)), 'out')
          const input = noise(2 * voxels)
          const out = await runGraph(graph, input, shape)
          const operator = createWedgeOperator(wedge, size)
          for (let b = 0; b < 2; b++) {
            const expected = operator.apply(input.slice(b * voxels, (b + 1) * voxels))
            for (let i = 0; i < voxels; i++) expect(Math.abs(out[b * voxels + i] - expected[i])).toBeLessThan(2e-6)
          }
        }
    })

  it('has an odd part for an asymmetric range only', () => {
    const plane = (tiltMin: number) =>
      wedgePlane({ tiltAxis: 'y', beamAxis: 'z', tiltMin, tiltMax: 60, edgeSoftness: 0, lowPass: null }, [9, 9, 9])
    expect(isAsymmetric(plane(-60))).toBe(false)
    expect(isAsymmetric(plane(-48))).toBe(true)
  })
})

describe('the Fourier preconditioner inside the graph', () => {
  it.each([-60, -48])('filters as plain FFT code does, tilts from %i', async (tiltMin) => {
    for (const size of sizes) {
      const plane = wedgePlane(
        { tiltAxis: 'y', beamAxis: 'z', tiltMin, tiltMax: 60, edgeSoftness: 0, lowPass: null },
        size
      )
      const voxels = size[0] * size[1] * size[2]
      const precision = posteriorPrecision(plane, size, { lambda: 2, beta: 0.3, gamma: 0.7 }, null)
      const mask = broadcastPlane(plane, size)
      precision.forEach((value, k) => expect(value).toBeCloseTo((2 * mask[k]) / 0.7 + 0.3, 5))
      const symbol = precision.map((value) => 1 / value)
      const split = splitSymbol(symbol, size)
      const shape: BatchShape = [1, 1, ...size]
      const graph = new Graph({ opset: 17 })
      const x = graph.input('x', 'float32', shape)
      const filter = {
        axes: [0, 1, 2] as const,
        even: graph.constant(split.even, shape),
        odd:
          split.odd.length > 0 ? { axes: split.odd[0].axes, values: graph.constant(split.odd[0].values, shape) } : null
      }
      graph.output(new CasNodes(graph, shape).filter(x, filter), 'out')
      const input = noise(voxels)
      const out = await runGraph(graph, input, shape)
      const expected = applyMultiplier(input, size, symbol)
      for (let i = 0; i < voxels; i++) expect(Math.abs(out[i] - expected[i])).toBeLessThan(1e-5)
    }
  })
})
