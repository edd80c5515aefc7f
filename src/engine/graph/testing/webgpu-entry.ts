/**
 * A process of its own, since a driver's fault ends the process it is in: runs one step of each network given as an argument
 * on WebGPU alone and on the CPU, and prints what differs, one JSON line a network; the same of the networks by themselves and of whole
 * runs whose encoder and denoiser they are; then what 'auto' makes of the device.
 */
import { InferenceSession } from 'onnxruntime-node'
import { fastestDevice, largestDifference } from '../device.ts'
import type { Target } from '../lowering.ts'
import { evaluateOnCpu, openSession } from '../session.ts'
import { composeStep } from '../step-graph.ts'
import type { StepGraphSpec } from '../step-graph.ts'
import { trialFeeds } from '../trial-feeds.ts'
import { energyStep } from './network-energy.ts'
import { compareAlone, compareRuns } from './webgpu-runs.ts'

const evaluate = evaluateOnCpu(1)

async function encoded(spec: StepGraphSpec, target: Target): Promise<Uint8Array> {
  return (await composeStep(spec, evaluate, target)).graph.encode()
}

async function onWebGpuAlone(spec: StepGraphSpec): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(await encoded(spec, 'webgpu'), {
    executionProviders: ['webgpu'],
    logSeverityLevel: 3,
    // Every operator has to run there: none may quietly fall back to the CPU.
    extra: { session: { disable_cpu_ep_fallback: '1' } }
  })
  const inputs = session.inputMetadata.flatMap((input) =>
    input.isTensor ? [{ name: input.name, type: input.type, shape: input.shape.map(Number) }] : []
  )
  const results = await session.run(trialFeeds(inputs))
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

async function onCpu(spec: StepGraphSpec): Promise<Record<string, Float32Array>> {
  const session = await openSession(await encoded(spec, 'cpu'), { device: 'cpu', threads: 1 })
  const results = await session.run(trialFeeds(session.inputs), session.outputNames)
  await session.close()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

const paths = process.argv.slice(2)
for (const path of paths) {
  const spec = await energyStep(path, [8, 12, 8], 2)
  const outputs = await onWebGpuAlone(spec)
  const difference = largestDifference(outputs, await onCpu(spec))
  process.stdout.write(`${JSON.stringify({ path, outputs: Object.keys(outputs).sort(), difference })}\n`)
}
for (const path of paths) process.stdout.write(`${JSON.stringify(await compareAlone(path))}\n`)
for await (const run of compareRuns(paths[0], paths[1])) process.stdout.write(`${JSON.stringify(run)}\n`)
const spec = await energyStep(paths[0], [8, 12, 8], 1)
const { session, choice } = await fastestDevice(async (device) =>
  openSession(await encoded(spec, device), { device, threads: 1 })
)
await session.close()
process.stdout.write(`${JSON.stringify(choice)}\n`)
