import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { stagingPathOf } from '../posterior/staging.ts'
import { childProcessRunner } from './child-process.ts'
import { RunnerSupervisor } from './supervisor.ts'
import { buildRunnerEntry } from './testing/build-runner.ts'
import { scriptedTools } from './testing/scripted-tools.ts'
import { scriptedRequest, temporaryFolder, writeSmallTomogram } from './testing/small-tomogram.ts'
import { productionTools, type RunnerTools } from './tools.ts'
import { runReconstruction, type FinishedRun } from './work.ts'

let folder = ''
beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The event loop's delays while something is going on, in milliseconds. */
async function delaysDuring(
  work: () => Promise<FinishedRun>
): Promise<{ mean: number; max: number; run: FinishedRun }> {
  const histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  const run = await work()
  histogram.disable()
  return { mean: histogram.mean / 1e6, max: histogram.max / 1e6, run }
}

/** The same request once in a supervised process, once in this one. */
async function compare(
  entry: string,
  requestFor: (name: string) => ReconstructRequest,
  tools: RunnerTools
): Promise<{
  supervised: Awaited<ReturnType<typeof delaysDuring>>
  inProcess: Awaited<ReturnType<typeof delaysDuring>>
}> {
  const supervisor = new RunnerSupervisor({ spawnRunner: childProcessRunner(entry) })
  const supervised = await delaysDuring(() => {
    const request = requestFor('supervised')
    return supervisor.run('supervised', request, stagingPathOf(request.outPath, 'job'))
  })
  await supervisor.close()
  const nothing = (): undefined => undefined
  const hooks = {
    keepPartial: () => false,
    isOrphaned: () => false,
    onSaved: () => undefined,
    onLog: () => undefined,
    onProgress: nothing,
    onPartial: nothing,
    onStopping: nothing
  }
  const inProcess = await delaysDuring(() => {
    const request = requestFor('in-process')
    const { signal } = new AbortController()
    return runReconstruction(request, stagingPathOf(request.outPath, 'job'), { signal, ...hooks }, tools)
  })
  return { supervised, inProcess }
}

// In each test both sides are measured here and now, so a slow or busy machine changes them together.

it('keeps the supervising process responsive while steps hold the runner', async () => {
  /** Steps that hold their thread, as network runs do: onnxruntime-node's run is synchronous. */
  const script = { steps: 4, blockMilliseconds: 300 }
  const entry = await buildRunnerEntry(fromRoot('./src/engine/runner/testing/scripted-entry.ts'))
  const { supervised, inProcess } = await compare(entry, (name) => scriptedRequest(folder, name, script), scriptedTools)
  // The same work in the same process stalls it for a whole step at a time: the measure sees what it should.
  expect(inProcess.max).toBeGreaterThan(script.blockMilliseconds * 0.9)
  // Beside it no stall is as long as a step, and the usual delay is shorter, too.
  expect(supervised.max).toBeLessThan(script.blockMilliseconds)
  expect(supervised.mean).toBeLessThan(inProcess.mean)
})

it('keeps it responsive while real networks sample the microtubule', async () => {
  const steps = 6
  const entry = await buildRunnerEntry()
  const { supervised, inProcess } = await compare(
    entry,
    (name) => ({
      volumePath: fromRoot('./resources/samples/microtubule-13pf.mrc'),
      bundlePath: fromRoot('./resources/bundles/gaussian'),
      method: 'cryowgen-2',
      outPath: join(folder, `microtubule-${name}`),
      wedge: defaultWedge,
      wedgeSource: 'given',
      roi: { x: [0, 94], y: [40, 160], z: [0, 36] },
      settings: { steps, burnIn: 2, thin: 1, chains: 2, members: 0 },
      device: 'cpu',
      threads: 1
    }),
    productionTools
  )
  const diagnostics = await readFile(join(supervised.run.runPath, 'diagnostics.json'), 'utf8')
  const { samplingSeconds } = JSON.parse(diagnostics) as { samplingSeconds: number }
  const stepMilliseconds = (samplingSeconds * 1000) / steps
  // As measured by the runner, a step is far longer than any stall beside it; in the same process it is the stall.
  expect(supervised.max).toBeLessThan(stepMilliseconds)
  expect(supervised.max).toBeLessThan(inProcess.max)
  expect(supervised.mean).toBeLessThan(inProcess.mean)
})
