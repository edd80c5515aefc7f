import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { stagingPathOf } from '../posterior/run-folder.ts'
import { childProcessRunner } from './child-process.ts'
import { RunnerSupervisor } from './supervisor.ts'
import { buildRunnerEntry } from './testing/build-runner.ts'
import { scriptedTools } from './testing/scripted-tools.ts'
import { scriptedRequest, temporaryFolder, writeSmallTomogram } from './testing/small-tomogram.ts'
import { runReconstruction } from './work.ts'

let folder = ''
beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The event loop's delays while something is going on, in milliseconds. */
async function delaysDuring(work: () => Promise<unknown>): Promise<{ mean: number; max: number }> {
  const histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  await work()
  histogram.disable()
  return { mean: histogram.mean / 1e6, max: histogram.max / 1e6 }
}

/** Steps that hold their thread, as network runs do: onnxruntime-node's run is synchronous. */
const script = { steps: 4, blockMilliseconds: 300 }

it('keeps the supervising process responsive while steps hold the runner', async () => {
  const supervisor = new RunnerSupervisor({
    spawnRunner: childProcessRunner(await buildRunnerEntry(fromRoot('./src/engine/runner/testing/scripted-entry.ts')))
  })
  const supervised = await delaysDuring(() => {
    const request = scriptedRequest(folder, 'supervised', script)
    return supervisor.run('supervised', request, stagingPathOf(request.outPath, 'job'))
  })
  await supervisor.close()

  const inProcess = await delaysDuring(() => {
    const request = scriptedRequest(folder, 'in-process', script)
    const nothing = (): undefined => undefined
    return runReconstruction(
      request,
      stagingPathOf(request.outPath, 'job'),
      {
        signal: new AbortController().signal,
        keepPartial: () => false,
        onProgress: nothing,
        onPartial: nothing,
        onStopping: nothing
      },
      scriptedTools
    )
  })

  // The same work in the same process stalls it for a whole step at a time: the measure sees what it should.
  expect(inProcess.max).toBeGreaterThan(script.blockMilliseconds * 0.9)
  // Beside it no stall is as long as a step, and the usual delay is another order of magnitude. Both sides are measured
  // here and now, so a slow or busy machine changes them together.
  expect(supervised.max).toBeLessThan(script.blockMilliseconds)
  expect(supervised.mean).toBeLessThan(inProcess.mean / 5)
})
