import { Graph } from 'onnx-autodiff'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import type { MethodId } from '../../shared/methods.ts'
import { requestedSettingsSchema } from '../../shared/settings.ts'
import type { RequestedSettings } from '../../shared/settings.ts'
import type { LoadedBundle } from '../bundle/load.ts'
import type { Manifest } from '../bundle/manifest.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { estimateNoise } from './noise-level.ts'
import {
  colouredSpectrum,
  makeGaussianProblem,
  normalField,
  symmetricWedge,
  whiteSpectrum
} from './oracle/gaussian-problem.ts'
import type { GaussianProblem } from './oracle/gaussian-problem.ts'
import { resolveSettings } from './settings.ts'

let problem: GaussianProblem
beforeAll(async () => {
  problem = await makeGaussianProblem([12, 12, 12], colouredSpectrum, 0.5)
})

/** E = sum of x^2 / 2 + strength x^4. */
function quarticEnergy(strength: number): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'quartic' })
  const x = graph.input('x', 'float32', ['batch', 1, 'd', 'h', 'w'])
  const square = graph.mul(x, x)
  const density = graph.add(
    graph.mul(square, graph.scalar(0.5)),
    graph.mul(graph.mul(square, square), graph.scalar(strength))
  )
  graph.output(graph.reduceSum(density, [1, 2, 3, 4], false), 'energy')
  return graph.encode()
}

const withManifest = (changes: Partial<Manifest>): LoadedBundle => ({
  ...problem.bundle,
  manifest: { ...problem.bundle.manifest, ...changes }
})
const resolve = (method: MethodId, requested: RequestedSettings, bundle = problem.bundle) =>
  resolveSettings(requested, bundle, { method, volume: problem.volume, size: problem.size, wedge: problem.wedge })

describe('settings', () => {
  it('flags override the bundle, the bundle overrides automatic choices', async () => {
    const bundle = withManifest({ methods: { 'cryowgen-2': { lambda: 3, beta: 0.2, chains: 6, gamma: 2 } } })
    const { settings, chosen } = await resolve('cryowgen-2', { gamma: 5, seed: undefined }, bundle)
    expect(settings).toMatchObject({ lambda: 3, beta: 0.2, chains: 6, gamma: 5, preconditioner: 'fourier', seed: 1 })
    const told = chosen.map(({ setting }) => setting)
    expect(told).toContain('preconditioner')
    for (const setting of ['lambda', 'beta', 'chains', 'gamma', 'candidates']) expect(told).not.toContain(setting)
    for (const { reason } of chosen) expect(reason.length).toBeGreaterThan(5)
  })

  it('weighs the data by the noise that was asked for', async () => {
    const bundle = withManifest({ methods: { 'cryogen-1': { lambda: 3 } } })
    expect((await resolve('cryogen-1', {}, bundle)).settings.lambda).toBe(3)
    expect((await resolve('cryogen-1', { sigma: 0.25 }, bundle)).settings.lambda).toBeCloseTo(16, 10)
    expect((await resolve('cryogen-1', {})).settings.lambda).toBeCloseTo(4, 10)
  })

  it('measures the noise where nobody knows it', async () => {
    const unknown = withManifest({ noise: null })
    const { settings, chosen } = await resolve('cryogen-1', {}, unknown)
    // Signal of power 0.5 to 1 is still there at high frequencies: the estimate is an upper bound.
    expect(settings.sigma).toBeGreaterThan(0.5)
    expect(chosen.find(({ setting }) => setting === 'sigma')?.reason).toContain('0.4')
    const size: ZYX = [24, 20, 25]
    const noise = normalField(size[0] * size[1] * size[2], 4).map((value) => 0.3 * value)
    const smooth = noise.map((value, i) => value + Math.sin((2 * Math.PI * 2 * (i % 25)) / 25))
    expect(estimateNoise(smooth, size, symmetricWedge)).toBeCloseTo(0.3, 2)
    const wedged = createWedgeOperator(symmetricWedge, size).apply(smooth)
    expect(estimateNoise(wedged, size, symmetricWedge)).toBeCloseTo(0.3, 2)
    expect(estimateNoise(new Float32Array(8), [2, 2, 2], symmetricWedge)).toBeNull()
  })

  it('sets a plain chain’s step by the posterior’s largest curvature', async () => {
    const weights = { lambda: 4, beta: 0.5, gamma: 1 }
    const exact = problem.posterior(weights).precision.reduce((a, b) => Math.max(a, b))
    const plain = await resolve('cryowgen-2', { ...weights, preconditioner: 'none', integrator: 'euler' })
    expect(plain.settings.step * exact).toBeGreaterThan(0.19)
    expect(plain.settings.step * exact).toBeLessThan(0.21)
    expect(plain.chosen.find(({ setting }) => setting === 'step')?.reason).toContain('curvature')
    // Without step bias, and the posterior is Gaussian: half of what is stable.
    const paired = await resolve('cryowgen-2', { ...weights, preconditioner: 'none' })
    expect(paired.settings.step * exact).toBeGreaterThan(0.98)
    expect(paired.settings.step * exact).toBeLessThan(1.02)
  })

  it('sees that a posterior is Gaussian, and takes the step that forgets everything at once', async () => {
    const { settings, chosen } = await resolve('cryowgen-2', {})
    expect(settings).toMatchObject({
      integrator: 'leimkuhler-matthews',
      preconditioner: 'fourier',
      mala: false,
      decay: 0
    })
    expect(settings.step).toBeGreaterThan(0.98)
    expect(settings.step).toBeLessThan(1.01)
    // Every second state is an independent draw: 50 a chain.
    expect(settings).toMatchObject({ thin: 2, chains: 4 })
    expect(settings.steps - settings.burnIn).toBe(100)
    for (const key of ['integrator', 'step', 'steps', 'burnIn', 'thin'])
      expect(chosen.find(({ setting }) => setting === key)?.reason.length).toBeGreaterThan(10)
  })

  it('takes shorter steps where the curvature changes from place to place', async () => {
    const spec = { kind: 'energy', domain: 'volume', rotations: 'none' } as const
    const prior = { spec, graph: quarticEnergy(0.2) }
    const quartic = await makeGaussianProblem([10, 9, 8], whiteSpectrum, 0.5, symmetricWedge, prior)
    const facts = { ...quartic, method: 'cryowgen-2' } as const
    const { settings, chosen } = await resolveSettings({}, quartic.bundle, facts)
    expect(settings.step).toBeLessThan(0.55)
    expect(settings.step).toBeGreaterThan(0.05)
    expect(chosen.find(({ setting }) => setting === 'step')?.reason).toContain('not Gaussian')
  })

  it('keeps apart what does not go together', async () => {
    const wanted = { integrator: 'leimkuhler-matthews' } as const
    const conflict = { kind: 'usage', code: 'settings-conflict' }
    await expect(resolve('cryowgen-2', { ...wanted, mala: true })).rejects.toMatchObject(conflict)
    await expect(resolve('cryowgen-2', { ...wanted, decay: 0.6 })).rejects.toMatchObject(conflict)
    await expect(resolve('cryowgen-2', { mala: true, decay: 0.6 })).rejects.toMatchObject(conflict)
    // A bundle's own choice gives way to what is asked for, and its step and schedule with it.
    const bundle = withManifest({ methods: { 'cryowgen-2': { ...wanted, step: 1, steps: 107, burnIn: 7, thin: 2 } } })
    expect((await resolve('cryowgen-2', {}, bundle)).settings).toMatchObject({ ...wanted, step: 1, steps: 107 })
    const corrected = await resolve('cryowgen-2', { mala: true }, bundle)
    expect(corrected.settings).toMatchObject({ integrator: 'euler', mala: true })
    expect(corrected.settings.step).toBeLessThan(0.2)
    const plain = await resolve('cryowgen-2', { integrator: 'euler' }, bundle)
    expect(plain.settings.step).toBeCloseTo(0.2, 2)
    expect(plain.settings.steps).toBeGreaterThan(400)
    const decaying = await resolve('cryowgen-2', { decay: 0.6 }, bundle)
    expect(decaying.settings).toMatchObject({ integrator: 'euler', decay: 0.6 })
    expect(decaying.settings.decayDelay).toBe(decaying.settings.burnIn)
    expect(requestedSettingsSchema.safeParse({ decay: 0.4 }).success).toBe(false)
    expect(requestedSettingsSchema.safeParse({ decay: 0 }).success).toBe(true)
  })

  it('does not take over a step that was meant for another kind of chain', async () => {
    const bundle = withManifest({ methods: { 'cryowgen-2': { step: 0.1, preconditioner: 'fourier', mala: false } } })
    expect((await resolve('cryowgen-2', {}, bundle)).settings.step).toBe(0.1)
    const corrected = await resolve('cryowgen-2', { mala: true }, bundle)
    expect(corrected.settings.step).toBeCloseTo(1.361 / 12, 6)
    expect(corrected.chosen.map(({ setting }) => setting)).toContain('step')
    expect((await resolve('cryowgen-2', { mala: true, step: 0.3 }, bundle)).settings.step).toBe(0.3)
  })

  it('plans levels and draws for split Gibbs, whatever the bundle says of chains', async () => {
    const bundle = withManifest({ methods: { 'cryowgen-2': { steps: 900, burnIn: 90, members: 2, beta: 0.3 } } })
    const facts = { method: 'cryowgen-2', volume: problem.volume, size: problem.size, wedge: problem.wedge } as const
    const { settings } = await resolveSettings({}, bundle, { ...facts, sampler: 'split-gibbs' })
    expect(settings).toMatchObject({ steps: 40, burnIn: 0, members: 16, beta: 0.3 })
  })

  it('plans steps for an effective sample size, up to a limit', async () => {
    const { settings } = await resolve('cryowgen-2', { step: 0.2, chains: 4, integrator: 'euler' })
    // (2 - eta) / eta steps are worth one draw, 2 / eta with a shared noise: 50 draws a chain in 450 and in 500 steps.
    expect(settings.steps - settings.burnIn).toBe(450)
    const paired = (await resolve('cryowgen-2', { step: 0.2, chains: 4 })).settings
    expect(paired.steps - paired.burnIn).toBe(500)
    expect((await resolve('cryowgen-2', { step: 0.001 })).settings.steps).toBe(2000)
    expect((await resolve('cryowgen-2', { steps: 100 })).settings.burnIn).toBe(25)
    const plain = await resolve('cryowgen-2', { preconditioner: 'none' })
    expect(plain.settings.steps).toBeGreaterThan(settings.steps)
    const decaying = (await resolve('cryowgen-2', { step: 0.2, decay: 0.6 })).settings
    expect(decaying.steps).toBeGreaterThan(settings.steps)
    expect(decaying.steps).toBeLessThanOrEqual(2000)
  })
})
