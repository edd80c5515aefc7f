import { Graph, gradient, inferShapes, unsupportedOperators } from 'onnx-autodiff'
import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { defaultWedge, type Wedge } from '../../../shared/wedge.ts'
import { voxelCount } from '../../fourier/field.ts'
import { testNoise } from '../../fourier/fixtures/noise.ts'
import { applyMultiplier } from '../../fourier/multiplier.ts'
import { columnWeight, forwardReal } from '../../fourier/real.ts'
import { wedgeMask } from '../../wedge/mask.ts'
import { evaluate } from '../fixtures/evaluate.ts'
import { energyGraph, wienerGraph } from './graphs.ts'
import { spectrumOf, type RadialSpectrum } from './radial-spectrum.ts'

/** Falls by a factor of 400 from the centre to the corner, with a bump. */
const spectrum: RadialSpectrum = {
  logPower: Float32Array.from({ length: 40 }, (_, i) => 4 - (i / 39) * 6 + Math.sin(i / 3))
}
const sizes: ZYX[] = [
  [8, 8, 8],
  [9, 7, 11],
  [6, 13, 10],
  [1, 6, 5],
  [12, 1, 4]
]
const wedges: { name: string; wedge: Wedge }[] = [
  { name: 'symmetric', wedge: defaultWedge },
  { name: 'asymmetric', wedge: { ...defaultWedge, tiltMin: -48, tiltMax: 61 } },
  { name: 'tilt x, beam y', wedge: { ...defaultWedge, tiltAxis: 'x', beamAxis: 'y', tiltMin: -30, tiltMax: 55 } },
  {
    name: 'tilt z, beam x, 45 degrees',
    wedge: { ...defaultWedge, tiltAxis: 'z', beamAxis: 'x', tiltMin: -45, tiltMax: 45 }
  },
  { name: 'soft', wedge: { ...defaultWedge, tiltMin: -50, edgeSoftness: 2.5 } },
  { name: 'soft and low-passed', wedge: { ...defaultWedge, edgeSoftness: 1.5, lowPass: 0.37 } },
  { name: 'low-passed', wedge: { ...defaultWedge, lowPass: 0.3 } }
]

describe('energyGraph', () => {
  const model = energyGraph(spectrum)

  it.each(sizes)('is 1/2 sum |X|^2 / (N S), a batch at a time, in %i x %i x %i', async (...size) => {
    const count = voxelCount(size)
    const power = spectrumOf(spectrum, size)
    const data = Float32Array.from(testNoise(2 * count, 5))
    const { energy } = await evaluate(model, { x: { data, dims: [2, 1, ...size] } })
    expect(energy.dims).toEqual([2])
    for (let b = 0; b < 2; b++) {
      const { re, im, halfWidth } = forwardReal(data.subarray(b * count, (b + 1) * count), size)
      let expected = 0
      for (let i = 0; i < re.length; i++) {
        const row = Math.floor(i / halfWidth)
        const at = row * size[2] + (i % halfWidth)
        expected += (columnWeight(i % halfWidth, size[2]) * (re[i] ** 2 + im[i] ** 2)) / (2 * count * power[at])
      }
      expect(Math.abs(energy.data[b] / expected - 1)).toBeLessThan(3e-6)
    }
  })

  it('has a derivative that the program finds: Q .* F x', async () => {
    const size: ZYX = [7, 10, 9]
    const graph = Graph.decode(model)
    expect(unsupportedOperators(graph, ['x'], 'energy')).toEqual([])
    const data = Float32Array.from(testNoise(voxelCount(size), 6))
    const x = { type: 'float32', data, dims: [1, 1, ...size] } as const
    const shapes = await inferShapes(graph, { x }, async (bytes, feeds, fetches) => {
      const { InferenceSession, Tensor } = await import('onnxruntime-node')
      const session = await InferenceSession.create(bytes)
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, feed]) => [name, new Tensor('float32', feed.data as Float32Array, feed.dims)])
      )
      return (await session.run(inputs, [...fetches])) as never
    })
    const slope = gradient(graph, { of: 'energy', withRespectTo: ['x'], shapes }).x
    graph.clearOutputs()
    graph.output(slope, 'slope')
    const got = (await evaluate(graph.encode(), { x })).slope.data
    const expected = applyMultiplier(
      data,
      size,
      spectrumOf(spectrum, size).map((s) => 1 / s)
    )
    const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
    expect(got.every((v, i) => Math.abs(v - expected[i]) < 2e-6 * largest)).toBe(true)
  })
})

describe('wienerGraph', () => {
  it.each(wedges)('is F^-1[M S / (S + sigma^2) F y] with the engine’s mask: $name', async ({ wedge }) => {
    const sigma = 0.8
    const model = wienerGraph(spectrum, sigma, wedge)
    for (const size of sizes) {
      const mask = wedgeMask(wedge, size)
      const symbol = spectrumOf(spectrum, size).map((s, i) => (mask[i] * s) / (s + sigma * sigma))
      const data = Float32Array.from(testNoise(voxelCount(size), 7))
      const { zbar } = await evaluate(model, { y: { data, dims: [1, 1, ...size] } })
      expect(zbar.dims).toEqual([1, 1, ...size])
      const expected = applyMultiplier(data, size, symbol)
      zbar.data.forEach((v, i) => expect(Math.abs(v - expected[i])).toBeLessThan(3e-6))
    }
  })
})
