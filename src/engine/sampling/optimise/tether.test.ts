import { expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import type { RequestedSettings } from '../../../shared/settings.ts'
import { reconstruct, resolveSettings } from '../index.ts'
import { makeDecoderBundle } from '../oracle/decoder-bundle.ts'
import { normalField, symmetricWedge } from '../oracle/gaussian-problem.ts'
import { denoiserGraph } from '../oracle/prior-graphs.ts'
import { unevenEncoderGraph } from '../oracle/uneven-encoder.ts'

it.each([0.2, 2])('finds the MAP under a tether that differs from voxel to voxel, beta %f', async (beta) => {
  const size: ZYX = [12, 13, 11]
  const levels = [2, 1.2, 0.7]
  const bundle = await makeDecoderBundle(
    {
      patch: { size: [...size], multipleOf: 1, halo: 0, fixed: false },
      latent: 'volume',
      prior: { kind: 'denoiser', domain: 'volume', rotations: 'none', noiseLevels: levels }
    },
    { 'encoder.onnx': unevenEncoderGraph(3), 'decoder.onnx': null, 'prior.onnx': denoiserGraph() }
  )
  // Over a box of noise the precision spans four orders of magnitude.
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
