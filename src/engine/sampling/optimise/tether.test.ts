import { Graph } from 'onnx-autodiff'
import { expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import type { RequestedSettings } from '../../../shared/settings.ts'
import { reconstruct, resolveSettings } from '../index.ts'
import { makeDecoderBundle } from '../oracle/decoder-bundle.ts'
import { normalField, symmetricWedge } from '../oracle/gaussian-problem.ts'
import { denoiserGraph } from '../oracle/prior-graphs.ts'

/** zbar = y / 2 and precision exp(3 y): four orders of magnitude over a box of noise. */
function unevenEncoderGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'encoder' })
  const y = graph.input('y', 'float32', ['batch', 1, 'd', 'h', 'w'])
  graph.output(graph.mul(y, graph.scalar(0.5)), 'zbar')
  graph.output(graph.exp(graph.mul(y, graph.scalar(3))), 'precision')
  return graph.encode()
}

it.each([0.2, 2])('finds the MAP under a tether that differs from voxel to voxel, beta %f', async (beta) => {
  const size: ZYX = [12, 13, 11]
  const levels = [2, 1.2, 0.7]
  const bundle = await makeDecoderBundle(
    {
      patch: { size: [...size], multipleOf: 1, halo: 0, fixed: false },
      latent: 'volume',
      prior: { kind: 'denoiser', domain: 'volume', rotations: 'none', noiseLevels: levels }
    },
    { 'encoder.onnx': unevenEncoderGraph(), 'decoder.onnx': null, 'prior.onnx': denoiserGraph() }
  )
  const volume = normalField(size[0] * size[1] * size[2], 5)
  // Everything is measured, so that each voxel is by itself and the MAP has a closed form.
  const wedge = { ...symmetricWedge, tiltMin: -90, tiltMax: 90 }
  const common = { bundle, wedge, volume, size, method: 'cryogen-1' as const, device: 'cpu' as const, threads: 1 }
  const request: RequestedSettings = { lambda: 4, beta, steps: 80 }
  const { settings, chosen } = await resolveSettings(request, bundle, common)
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined }
  const { map } = await reconstruct({ ...common, settings, chosen }, hooks)
  if (!map) throw new Error('no MAP')

  // At the lowest level the prior is N(0, 1 + s^2), and the data weigh 1 / (1 / lambda + s^2).
  const square = 0.7 ** 2
  const [data, prior] = [1 / (1 / 4 + square), 1 / (1 + square)]
  const exact = volume.map((y) => {
    const pull = beta * Math.exp(3 * y)
    return (data * y + pull * (y / 2)) / (data + prior + pull)
  })
  map.forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThan(1e-3))
})
