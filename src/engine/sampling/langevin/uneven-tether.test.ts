import { expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { reconstruct, resolveSettings } from '../index.ts'
import { makeDecoderBundle } from '../oracle/decoder-bundle.ts'
import { normalField, symmetricWedge } from '../oracle/gaussian-problem.ts'
import { denoiserGraph } from '../oracle/prior-graphs.ts'
import { unevenEncoderGraph } from '../oracle/uneven-encoder.ts'

it('draws from the posterior under a tether that differs from voxel to voxel', async () => {
  const size: ZYX = [12, 13, 11]
  const bundle = await makeDecoderBundle(
    {
      patch: { size: [...size], multipleOf: 1, halo: 0, fixed: false },
      latent: 'volume',
      prior: { kind: 'denoiser', domain: 'volume', rotations: 'none', noiseLevels: [0.7] }
    },
    { 'encoder.onnx': unevenEncoderGraph(1.2), 'decoder.onnx': null, 'prior.onnx': denoiserGraph() }
  )
  const volume = normalField(size[0] * size[1] * size[2], 5)
  // Everything is measured, so that each voxel is by itself and its posterior has a closed form.
  const wedge = { ...symmetricWedge, tiltMin: -90, tiltMax: 90 }
  const common = { bundle, wedge, volume, size, method: 'cryowgen-2' as const, device: 'cpu' as const, threads: 1 }
  const { settings, chosen } = await resolveSettings(
    { lambda: 4, beta: 1, step: 1, steps: 2200, burnIn: 200, thin: 10, chains: 4, integrator: 'leimkuhler-matthews' },
    bundle,
    common
  )
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined }
  const { family } = await reconstruct({ ...common, settings, chosen }, hooks)
  if (!family) throw new Error('no family')
  const { mean, variance } = family

  // At its level the prior is N(0, 1 + s^2), and the data weigh 1 / (1 / lambda + s^2).
  const square = 0.7 ** 2
  const [data, prior] = [1 / (1 / 4 + square), 1 / (1 + square)]
  const held = Array.from(volume, (y) => {
    const pull = Math.exp(1.2 * y)
    const precision = data + prior + pull
    return { pull, precision, mean: (data * y + (pull * y) / 2) / precision }
  })
  // From the strongest pull to the weakest, in fifths: a spread of one precision everywhere is wrong in both.
  const order = held.map((_, i) => i).sort((a, b) => held[a].pull - held[b].pull)
  const fifth = Math.floor(order.length / 5)
  for (let part = 0; part < 5; part++) {
    const voxels = order.slice(part * fifth, (part + 1) * fifth)
    const average = (of: (i: number) => number): number => voxels.reduce((sum, i) => sum + of(i), 0) / voxels.length
    const spread = average((i) => variance[i] * held[i].precision)
    // 4 chains of 200 draws; in the slowest voxels a chain forgets in some ten steps. Standard error of this mean over 340 voxels: below 1 %.
    expect(spread, `variance, fifth ${part}`).toBeGreaterThan(0.96)
    expect(spread, `variance, fifth ${part}`).toBeLessThan(1.04)
    const error = average((i) => (mean[i] - held[i].mean) ** 2 * held[i].precision)
    // The mean's own error is the posterior's variance over the effective draws, some 300 at least.
    expect(error, `mean, fifth ${part}`).toBeLessThan(0.01)
  }
})
