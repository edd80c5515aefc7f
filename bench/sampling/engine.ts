/**
 * Wedgeview's side of bench/sampling: the step graph as the samplers run it, noise drawn and results taken over included. Reads one JSON
 * command a line and answers with one JSON line (see contest.mjs).
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Graph } from 'onnx-autodiff'
import type { ZYX } from '../../src/shared/axes.ts'
import type { Device } from '../../src/shared/settings.ts'
import type { Wedge } from '../../src/shared/wedge.ts'
import { latentShape } from '../../src/engine/graph/networks.ts'
import { memoryEnvironment } from '../../src/engine/graph/session-memory.ts'
import { StepModel } from '../../src/engine/graph/step-model.ts'
import type { Conditioning } from '../../src/engine/graph/step-model.ts'
import { fillField, wholeFrame } from '../../src/engine/sampling/noise/field.ts'
import { createWedgeOperator } from '../../src/engine/wedge/operator.ts'
import { measureMixing } from './mixing.ts'
import type { MixingRequest } from './mixing.ts'

interface OpenCommand {
  do: 'open'
  network: string
  size: number
  batch: number
  threads: number
  device: Device
  /** Raw float32 files: starts of all chains, and data. */
  z: string
  y: string
}
type Command =
  OpenCommand | { do: 'check'; path: string } | { do: 'steps'; count: number } | ({ do: 'mixing' } & MixingRequest)

const wedge: Wedge = { tiltAxis: 'y', beamAxis: 'z', tiltMin: -60, tiltMax: 60, edgeSoftness: 0, lowPass: null }
const eta = 0.01
const weights = { lambda: 1, beta: 0.01, gamma: 1 }

/** Chains of one batch and what they are conditioned on. */
interface Chains {
  model: StepModel
  conditioning: Conditioning
  position: Float32Array
  drift: Float32Array
  step: number
}

async function floats(path: string, count: number): Promise<Float32Array> {
  const bytes = await readFile(path)
  return new Float32Array(bytes.buffer, bytes.byteOffset, count).slice()
}

async function openChains({ network, size: edge, batch, threads, device, z, y }: OpenCommand): Promise<Chains> {
  const size: ZYX = [edge, edge, edge]
  const operator = createWedgeOperator(wedge, size)
  const graph = Graph.decode(await readFile(network))
  const model = await StepModel.open(
    {
      networks: {
        encoder: null,
        decoder: null,
        prior: {
          graph,
          input: 'x',
          output: 'energy',
          sigmaInput: null,
          precisionOutput: null,
          spec: { kind: 'energy', domain: 'volume', rotations: 'none' }
        },
        folder: '.'
      },
      size,
      latent: latentShape('volume', size),
      batch,
      plane: operator.plane,
      withPrior: true,
      withGradient: true,
      withFilter: false,
      withPrecision: false
    },
    { device, threads }
  )
  const measuredData = operator.apply(await floats(y, edge ** 3))
  const position = await floats(z, batch * edge ** 3)
  return {
    model,
    conditioning: { measuredData, centre: measuredData, precision: null },
    position,
    drift: new Float32Array(position.length),
    step: 0
  }
}

function drawNoise({ model: { spec }, step }: Chains): Float32Array {
  const { batch, latent } = spec
  const noise = new Float32Array(batch * latent.length)
  const frame = wholeFrame(latent.channels, latent.size)
  for (let chain = 0; chain < batch; chain++)
    fillField(noise, chain * latent.length, frame, { seed: 1, chain, step, purpose: 'langevin' })
  return noise
}

const cpuMilliseconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function timeSteps(chains: Chains, count: number): Promise<Record<'wall' | 'cpu' | 'noise', number[]>> {
  const times = { wall: [] as number[], cpu: [] as number[], noise: [] as number[] }
  for (let i = 0; i < count; i++) {
    const [start, used] = [performance.now(), cpuMilliseconds()]
    chains.step++
    const noise = drawNoise(chains)
    times.noise.push(performance.now() - start)
    const { batch } = chains.model.spec
    const stepped = await chains.model.step(
      { position: chains.position, drift: chains.drift, noise, steps: new Array<number>(batch).fill(eta) },
      chains.conditioning,
      weights
    )
    chains.position = stepped.position
    chains.drift = stepped.drift
    times.wall.push(performance.now() - start)
    times.cpu.push(cpuMilliseconds() - used)
  }
  return times
}

let chains: Chains | null = null

async function answer(command: Command): Promise<unknown> {
  if (command.do === 'mixing') return measureMixing(command)
  if (command.do === 'open') {
    await chains?.model.close()
    const start = performance.now()
    chains = await openChains(command)
    const { device, choice } = chains.model
    return { device, reason: choice?.reason ?? null, opened: performance.now() - start }
  }
  if (!chains) throw new RangeError('Nothing is open.')
  if (command.do === 'steps') return timeSteps(chains, command.count)
  const { batch } = chains.model.spec
  const still = new Float32Array(chains.position.length)
  const { energy, misfit, tether, gradient } = await chains.model.step(
    { position: chains.position, drift: still, noise: still, steps: new Array<number>(batch).fill(0) },
    chains.conditioning,
    weights
  )
  await writeFile(command.path, new Uint8Array(gradient.buffer, gradient.byteOffset, gradient.byteLength))
  return { energy, misfit, tether }
}

if (process.argv[2] === 'environment') process.stdout.write(JSON.stringify(memoryEnvironment()))
else
  for await (const line of createInterface({ input: process.stdin })) {
    const told = await answer(JSON.parse(line) as Command).catch((error: unknown) => ({
      failed: error instanceof Error ? error.message : String(error)
    }))
    process.stdout.write(`${JSON.stringify(told)}\n`)
  }
