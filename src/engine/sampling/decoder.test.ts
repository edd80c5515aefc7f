import { beforeAll, describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { RequestedSettings } from '../../shared/settings.ts'
import type { LoadedBundle } from '../bundle/load.ts'
import { logDensity } from '../graph/step-model.ts'
import { openModel, prepareBox } from './box.ts'
import { reconstruct, resolveSettings } from './index.ts'
import type { Reconstruction } from './index.ts'
import { decoderGraph, makeDecoderBundle } from './oracle/decoder-bundle.ts'
import { normalField, symmetricWedge } from './oracle/gaussian-problem.ts'

let bundle: LoadedBundle
const size: ZYX = [7, 8, 9]
const volume = normalField(7 * 8 * 9, 3)
beforeAll(async () => {
  bundle = await makeDecoderBundle()
})

const problem = (changed: LoadedBundle) => ({
  bundle: changed,
  wedge: symmetricWedge,
  volume,
  size,
  device: 'cpu' as const,
  threads: 1
})

async function run(method: MethodId, requested: RequestedSettings, changed = bundle): Promise<Reconstruction> {
  const common = { ...problem(changed), method }
  const resolved = await resolveSettings(requested, changed, common)
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined }
  return reconstruct({ ...common, ...resolved }, hooks)
}

describe('a bundle with a decoder', () => {
  it('has the gradient of its own density', async () => {
    const box = await prepareBox(problem(bundle))
    expect(box.size).toEqual([8, 8, 10])
    const model = await openModel(box, { batch: 2, withPrior: true, withGradient: true, withFilter: false })
    try {
      const weights = { lambda: 4, beta: 0.7, gamma: 1.5 }
      const { length } = box.latent
      const z = normalField(2 * length, 8)
      const still = new Float32Array(2 * length)
      const at = (position: Float32Array) =>
        model.step({ position, drift: still, noise: still, steps: [0, 0] }, box.conditioning, weights)
      const { gradient } = await at(z)
      const direction = normalField(2 * length, 9)
      const h = 2e-3
      const up = await at(z.map((value, i) => value + h * direction[i]))
      const down = await at(z.map((value, i) => value - h * direction[i]))
      for (let b = 0; b < 2; b++) {
        let along = 0
        for (let i = b * length; i < (b + 1) * length; i++) along += gradient[i] * direction[i]
        const difference = (logDensity(up, weights, b) - logDensity(down, weights, b)) / (2 * h)
        expect(difference / along).toBeCloseTo(1, 2)
      }
    } finally {
      await model.close()
    }
  })

  it('runs in every method and gives maps of the region, not of its padding', async () => {
    const map = await run('cryogen-1', {})
    expect(map.map?.length).toBe(volume.length)
    expect(map.trace.potential.at(-1)).toBeLessThan(map.trace.potential[0])
    const one = await run('cryogen-2', {})
    expect(one.map?.length).toBe(volume.length)
    // The MAP fits the data better than the encoder's first answer does.
    expect(map.misfitPerMeasuredVoxel).toBeLessThan(one.misfitPerMeasuredVoxel)
    const weighted = await run('cryowgen-1', { candidates: 50, members: 2 })
    expect(weighted.family?.mean.length).toBe(volume.length)
    expect(weighted.barycentre).not.toEqual(weighted.family?.mean)
    for (const preconditioner of ['none', 'rmsprop'] as const) {
      const request = { steps: 60, burnIn: 20, preconditioner, step: preconditioner === 'rmsprop' ? 0.01 : undefined }
      const sampled = await run('cryowgen-2', request)
      expect(sampled.family?.variance.every((value) => Number.isFinite(value) && value > 0)).toBe(true)
      expect(sampled.family?.mean.length).toBe(volume.length)
    }
  })

  it('samples the density that it says: MALA and a small plain step agree', async () => {
    const request = { lambda: 4, beta: 1, gamma: 1, chains: 4, burnIn: 150, thin: 4, preconditioner: 'none' as const }
    const corrected = await run('cryowgen-2', { ...request, mala: true, steps: 1200 })
    const plain = await run('cryowgen-2', { ...request, step: corrected.settings.step / 4, steps: 2200 })
    expect(corrected.diagnostics.acceptance).toBeGreaterThan(0.4)
    const total = ({ family }: Reconstruction): number =>
      (family?.variance ?? new Float32Array(0)).reduce((a, b) => a + b, 0)
    // Summed over 504 voxels; some hundred effective draws each.
    expect(total(plain) / total(corrected)).toBeGreaterThan(0.9)
    expect(total(plain) / total(corrected)).toBeLessThan(1.1)
  })

  it('refuses the Fourier preconditioner', async () => {
    await expect(run('cryowgen-2', { preconditioner: 'fourier' })).rejects.toMatchObject({
      kind: 'input',
      code: 'preconditioner-unsuitable'
    })
  })

  it('refuses priors that it can’t sample, but needs none for CryoGEN-II', async () => {
    const observed = await makeDecoderBundle({
      prior: { kind: 'score', domain: 'volume', rotations: 'none' }
    })
    await expect(run('cryowgen-1', {}, observed)).rejects.toMatchObject({ kind: 'input' })
    expect((await run('cryogen-2', {}, observed)).map).not.toBeNull()
  })

  it('refuses a region larger than a fixed box', async () => {
    const fixed = await makeDecoderBundle({ patch: { size: [8, 8, 8], multipleOf: 2, halo: 4, fixed: true } })
    await expect(run('cryogen-2', {}, fixed)).rejects.toMatchObject({ kind: 'input', code: 'box-too-large' })
  })

  it('refuses networks whose inputs are not to be told apart', async () => {
    const strange = await makeDecoderBundle({}, { 'prior.onnx': decoderGraph() })
    await expect(run('cryowgen-1', {}, strange)).rejects.toThrow()
  })
})
