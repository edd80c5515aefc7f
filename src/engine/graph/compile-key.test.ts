import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Graph, Initializer } from 'onnx-autodiff'
import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import { symmetricWedge } from '../sampling/oracle/gaussian-problem.ts'
import { wedgePlane } from '../wedge/mask.ts'
import { compileKey, compilerVersion, networkKey } from './compile-key.ts'
import type { Target } from './lowering.ts'
import { latentShape } from './networks.ts'
import type { Network, Networks, Prior } from './networks.ts'
import type { StepGraphSpec } from './step-graph.ts'

const size: ZYX = [6, 7, 8]

function network(weight: number, external?: string): Network {
  const graph = new Graph({ opset: 17 })
  const x = graph.input('x', 'float32', ['batch', 1, 'd', 'h', 'w'])
  const scale = external
    ? graph.addInitializer(Initializer.fromExternal({ location: external, offset: 0, length: 4 }, [], 'float32'), 'w')
    : graph.scalar(weight)
  graph.output(graph.mul(x, scale), 'y')
  return { graph, input: 'x', output: 'y', sigmaInput: null, precisionOutput: null }
}

const energy: Prior = { kind: 'energy', domain: 'volume', rotations: 'none' }

function networks(weight = 2, spec: Prior = energy, folder = '/nowhere', external?: string): Networks {
  return { encoder: null, decoder: network(1), prior: { ...network(weight, external), spec }, folder }
}

const spec: StepGraphSpec = {
  networks: networks(),
  size,
  latent: latentShape('volume', size),
  batch: 2,
  plane: wedgePlane(symmetricWedge, size),
  withPrior: true,
  withGradient: true,
  withFilter: true,
  withPrecision: false
}
const key = (change: Partial<StepGraphSpec> = {}): Promise<string> =>
  compileKey({ ...spec, ...change }, 'cpu', '1', 'x64')

describe('compile key', () => {
  it('is the same for the same graph', async () => {
    expect(await key()).toBe(await key({ networks: networks() }))
    expect(await key()).toMatch(/^[0-9a-f]{64}$/)
    expect(await key({ networks: networks(2, energy, '/elsewhere') })).toBe(await key())
  })

  it('changes with everything that shapes the graph', async () => {
    const other: ZYX = [8, 7, 6]
    const keys = await Promise.all([
      key(),
      key({ networks: networks(3) }),
      key({ networks: networks(2, { ...energy, domain: 'observation' }) }),
      key({ networks: networks(2, { ...energy, rotations: 'cube' }) }),
      key({ networks: { ...networks(), decoder: null } }),
      key({ networks: { ...networks(), decoder: network(1.5) } }),
      key({ size: other }),
      key({ latent: { ...spec.latent, channels: 2 } }),
      key({ batch: 3 }),
      key({ plane: wedgePlane({ ...symmetricWedge, tiltMin: -40 }, size) }),
      key({ plane: wedgePlane({ ...symmetricWedge, tiltAxis: 'x' }, size) }),
      key({ plane: wedgePlane({ ...symmetricWedge, edgeSoftness: 1 }, size) }),
      key({ withPrior: false }),
      key({ withGradient: false }),
      key({ withFilter: false }),
      key({ withPrecision: true }),
      compileKey(spec, 'webgpu', '1', 'x64'),
      compileKey(spec, 'cuda', '1', 'x64'),
      compileKey(spec, 'cpu', '2', 'x64'),
      compileKey(spec, 'cpu', '1', 'arm64')
    ])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('of a network by itself changes with its weights, shape, target and compiler', async () => {
    const alone = (weight: number, shape: readonly number[], target: Target = 'cpu', compiler = '1'): Promise<string> =>
      networkKey({ network: network(weight), shape, folder: '/nowhere' }, target, compiler, 'x64')
    const first = await alone(2, [1, 1, 6, 7, 8])
    const others = await Promise.all([
      alone(3, [1, 1, 6, 7, 8]),
      alone(2, [2, 1, 6, 7, 8]),
      alone(2, [1, 1, 8, 7, 6]),
      alone(2, [1, 1, 6, 7, 8], 'webgpu'),
      alone(2, [1, 1, 6, 7, 8], 'cpu', '2')
    ])
    expect(await alone(2, [1, 1, 6, 7, 8])).toBe(first)
    expect(new Set([first, ...others]).size).toBe(6)
  })

  it('does not read a prior that is left out', async () => {
    const without = (weight: number): Promise<string> => key({ withPrior: false, networks: networks(weight) })
    expect(await without(3)).toBe(await without(2))
  })

  it('changes when weights in another file do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'compile-key-'))
    try {
      const withWeights = (): Promise<string> => key({ networks: networks(0, energy, folder, 'weights.bin') })
      const missing = await withWeights()
      await writeFile(join(folder, 'weights.bin'), Buffer.alloc(4))
      const four = await withWeights()
      await writeFile(join(folder, 'weights.bin'), Buffer.alloc(8))
      expect(new Set([missing, four, await withWeights()]).size).toBe(3)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('knows no compiler when running from sources', () => {
    expect(compilerVersion).toBeNull()
  })
})
