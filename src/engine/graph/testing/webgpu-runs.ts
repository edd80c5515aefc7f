import { readFile } from 'node:fs/promises'
import { Graph } from 'onnx-autodiff'
import { InferenceSession } from 'onnxruntime-node'
import type { ZYX } from '../../../shared/axes.ts'
import type { ChosenSetting } from '../../../shared/settings.ts'
import type { LoadedBundle } from '../../bundle/load.ts'
import { makeDecoderBundle } from '../../sampling/oracle/decoder-bundle.ts'
import { normalField, symmetricWedge } from '../../sampling/oracle/gaussian-problem.ts'
import { reconstruct, resolveSettings } from '../../sampling/index.ts'
import type { Problem } from '../../sampling/index.ts'
import { largestDifference } from '../device.ts'
import { lowerFor, specialiseNetwork } from '../lowering.ts'
import { readNetworks } from '../networks.ts'
import type { Network } from '../networks.ts'
import { evaluateOnCpu, openSession } from '../session.ts'
import { trialFeeds } from '../trial-feeds.ts'

const size: ZYX = [8, 12, 8]

/** What a run on WebGPU had other than the CPU's. */
export interface ComparedRun {
  run: string
  device: string
  /** Of the map or the family's mean, relative to the largest value. */
  difference: number
  chosen: ChosenSetting[]
}

const bundleOf = (encoder: Uint8Array, denoiser: Uint8Array): Promise<LoadedBundle> =>
  makeDecoderBundle(
    {
      latent: 'volume',
      patch: { size: [16, 16, 16], multipleOf: 4, halo: 4, fixed: false },
      prior: { kind: 'denoiser', domain: 'volume', rotations: 'none', noiseLevels: [1, 0.3] }
    },
    { 'encoder.onnx': encoder, 'prior.onnx': denoiser, 'decoder.onnx': identityGraph() }
  ).then((bundle) => ({ ...bundle, decoder: null }))

function identityGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'identity' })
  graph.output(graph.node('Identity', [graph.input('z', 'float32', ['batch', 1, 'd', 'h', 'w'])]), 'x')
  return graph.encode()
}

/** Adds nothing, but by random numbers, which no graph on WebGPU can draw. */
function restlessGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'restless' })
  const y = graph.input('y', 'float32', ['batch', 1, 'd', 'h', 'w'])
  graph.output(graph.add(y, graph.node('RandomNormalLike', [y], { mean: 0, scale: 1e-30 })), 'zbar')
  return graph.encode()
}

/** Whole runs whose networks stand beside the step: an encoder, and split Gibbs' denoiser. */
export async function* compareRuns(encoderPath: string, denoiserPath: string): AsyncGenerator<ComparedRun> {
  const [encoder, denoiser] = await Promise.all([readFile(encoderPath), readFile(denoiserPath)])
  const bundle = await bundleOf(encoder, denoiser)
  const onePass = { bundle, method: 'cryogen-2' } as const
  yield compare('one pass', onePass, { device: 'webgpu' })
  // As it is resumed after 'auto' had chosen: the encoder waits for the step's device.
  const chosen = { device: 'auto', deviceChoice: { device: 'webgpu', reason: 'timed' } } as const
  yield compare('one pass, auto', onePass, chosen)
  const gibbs = { bundle, method: 'cryowgen-2', sampler: 'split-gibbs' } as const
  yield compare('split Gibbs', gibbs, { device: 'webgpu' })
  yield compare('split Gibbs, auto', gibbs, chosen)
  const restless = await bundleOf(restlessGraph(), denoiser)
  yield compare('restless encoder', { bundle: restless, method: 'cryogen-2' }, { device: 'webgpu' })
}

async function compare(
  run: string,
  what: Pick<Problem, 'bundle' | 'method' | 'sampler'>,
  where: Pick<Problem, 'device' | 'deviceChoice'>
): Promise<ComparedRun> {
  const volume = Float32Array.from(normalField(size[0] * size[1] * size[2], 7))
  const common = { ...what, wedge: symmetricWedge, volume, size, threads: 1 }
  const requested = { lambda: 4, beta: 0.2, gamma: 1, steps: 2, members: 2, chains: 2, seed: 6 }
  const { settings } = await resolveSettings(requested, what.bundle, { ...common, device: 'cpu' })
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined }
  const expected = await reconstruct({ ...common, settings, device: 'cpu' }, hooks)
  const got = await reconstruct({ ...common, settings, ...where }, hooks)
  const mapOf = ({ map, family }: typeof got): Record<string, Float32Array> => ({
    map: map ?? family?.mean ?? new Float32Array(volume.length).fill(NaN)
  })
  return { run, device: got.device, difference: largestDifference(mapOf(got), mapOf(expected)), chosen: got.chosen }
}

/** A network alone on WebGPU, with onnxruntime's fallback to the CPU switched off, against the CPU as exported. */
export async function compareAlone(path: string): Promise<{ operators: string[]; difference: number }> {
  const bundle = await bundleOf(await readFile(path), identityGraph())
  const { encoder } = readNetworks(bundle)
  if (!encoder) throw new RangeError('A bundle without an encoder.')
  const graph = await specialiseNetwork(encoder, [2, 1, ...size], evaluateOnCpu(1))
  const operators = [...new Set(graph.nodes.map(({ opType }) => opType))]
  return { operators, difference: largestDifference(await onWebGpuAlone(graph), await asExported(encoder)) }
}

async function onWebGpuAlone(graph: Graph): Promise<Record<string, Float32Array>> {
  await lowerFor('webgpu', graph, evaluateOnCpu(1))
  const session = await InferenceSession.create(graph.encode(), {
    executionProviders: ['webgpu'],
    logSeverityLevel: 3,
    extra: { session: { disable_cpu_ep_fallback: '1' } }
  })
  const results = await session.run(trialFeeds([volumesOf(session.inputNames[0])]))
  await session.release()
  return floats(results)
}

async function asExported({ graph }: Network): Promise<Record<string, Float32Array>> {
  const session = await openSession(graph.encode(), { device: 'cpu', threads: 1 })
  const results = await session.run(trialFeeds([volumesOf(session.inputs[0].name)]), session.outputNames)
  await session.close()
  return floats(results)
}

const volumesOf = (name: string): { name: string; type: string; shape: number[] } => ({
  name,
  type: 'float32',
  shape: [2, 1, ...size]
})

const floats = (results: Record<string, { data: unknown }>): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
