import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openMrc } from 'mrc-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { expectedPosterior, type ExpectedPosterior } from '../../engine/runner/testing/expected-posterior.ts'
import { runnerFromSource } from '../../engine/runner/testing/build-runner.ts'
import { temporaryFolder } from '../../engine/runner/testing/small-tomogram.ts'
import { loadBundle } from '../../engine/bundle/load.ts'
import type { SpawnRunner } from '../../engine/runner/port.ts'
import { createJobQueue } from '../../engine/jobs/index.ts'
import type { JobEstimate } from '../../shared/api.ts'
import type { MethodId } from '../../shared/methods.ts'
import { runRecordSchema, type RunRecord } from '../../shared/runs.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

/**
 * The real thing: the shipped microtubule and its gaussian bundle, the real networks in the real runner process, through the command
 * line. The region is small and of odd, unequal sizes.
 */
const sample = fromRoot('./resources/samples/microtubule-13pf.mrc')
const bundle = fromRoot('./resources/bundles/gaussian')
const region = '20:49,60:91,5:32'
/** Independent draws that the bundle's own schedule gives: their variance about their own mean is 1 / draws too small on average. */
const draws = 200

let folder = ''
let spawnRunner: SpawnRunner
let records: RunRecord[]
let expected: ExpectedPosterior

class RunnerIo extends RecordedIo {
  readonly spawnRunner = spawnRunner
}

beforeAll(async () => {
  folder = await temporaryFolder()
  spawnRunner = await runnerFromSource()
  const io = new RunnerIo(folder)
  const code = await run(
    [
      ...['reconstruct', sample, '--bundle', bundle, '--out', 'runs', '--roi', region],
      ...['--method', 'cryogen-1,cryogen-2,cryowgen-1,cryowgen-2', '--tilt-range', '-60:60'],
      ...['--candidates', '32', '--members', '2', '--seed', '11', '--threads', '2', '--json']
    ],
    io
  )
  expect(io.err).not.toMatch(/not understood/)
  expect(code, io.err).toBe(0)
  records = runRecordSchema.array().parse(JSON.parse(io.out))
  expected = await expectedPosterior(recordOf('cryowgen-2'))
}, 300_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

function recordOf(method: string): RunRecord {
  const record = records.find((each) => each.method === method)
  if (!record) throw new Error(`no record of ${method}`)
  return record
}

async function readMap(method: string, file: string): Promise<Float32Array> {
  const map = await openMrc(join(folder, 'runs', method, file))
  const { x, y, z } = map.size
  const values = await map.readBox({ x: [0, x], y: [0, y], z: [0, z] })
  await map.close()
  return values
}

async function meanOf(method: string, file: string): Promise<number> {
  const values = await readMap(method, file)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

it('was made with the bundle whose posterior is expected', async () => {
  const { manifest } = await loadBundle(bundle)
  expect(expected.sigma / (manifest.noise?.sigma ?? 0)).toBeCloseTo(1, 5)
  expect(recordOf('cryowgen-2').settings.sigma).toBeCloseTo(expected.sigma, 5)
})

it.each(['cryogen-1', 'cryogen-2', 'cryowgen-1', 'cryowgen-2'])(
  'fits the data of the microtubule with %s: misfit per measured voxel between 0.8 and 1.2',
  (method) => {
    expect(recordOf(method).misfitPerMeasuredVoxel).toBeGreaterThan(0.8)
    expect(recordOf(method).misfitPerMeasuredVoxel).toBeLessThan(1.2)
  }
)

it('estimates a job from its first steps', async () => {
  const { input, wedge } = recordOf('cryowgen-2')
  const queue = createJobQueue({ spawnRunner, onJob: () => undefined, onPartial: () => undefined })
  const request = { volumePath: sample, bundlePath: bundle, outPath: join(folder, 'never'), wedge, roi: input.roi }
  const estimateOf = (method: MethodId, steps: number): Promise<JobEstimate> =>
    queue.estimate({ ...request, method, wedgeSource: 'given', settings: { steps }, device: 'cpu', threads: 2 })
  const short = await estimateOf('cryowgen-2', 100)
  const long = await estimateOf('cryowgen-2', 100_000)
  await queue.close()
  expect(short.reason).toMatch(/A step took .* on cpu.* at most 100,/)
  // A thousand times as many steps: even on a machine whose speed changes by the second, not less than ten times as long.
  expect(long.seconds).toBeGreaterThan(10 * short.seconds)
  // Mean and squares of three kinds of variance, in float64, are there in any case.
  const [z, y, x] = expected.size
  expect(short.memoryBytes).toBeGreaterThan(z * y * x * 6 * 8)
})

it('finds the closed form’s mean as MAP, in grey values', async () => {
  const map = await readMap('cryogen-1', 'map.mrc')
  const { mean: tomogramMean } = recordOf('cryogen-1').settings.normalization as { mean: number }
  let squares = 0
  map.forEach((value, i) => (squares += ((value - tomogramMean) / expected.greyStd - expected.mean[i]) ** 2))
  // In units of the posterior's own SD the optimiser's error is small.
  expect(Math.sqrt(squares / map.length / expected.variance)).toBeLessThan(0.01)
})

it('has the closed form’s variance in the wedge and outside, and its misfit', async () => {
  const square = expected.greyStd ** 2
  const ratio = async (file: string, closedForm: number): Promise<number> =>
    (await meanOf('cryowgen-2', file)) / (closedForm * square)
  const ratios = {
    whole: await ratio('variance.mrc', expected.variance),
    wedge: await ratio('wedge-variance.mrc', expected.wedgeVariance),
    measured: await ratio('measured-variance.mrc', expected.measuredVariance)
  }
  for (const value of Object.values(ratios)) expect(Math.abs((value * draws) / (draws - 1) - 1)).toBeLessThan(0.01)
  // Both parts mix at the same rate, so what the number of draws does to them cancels.
  expect(Math.abs(Math.sqrt(ratios.wedge / ratios.measured) - 1)).toBeLessThan(0.01)

  const misfit = recordOf('cryowgen-2').misfitPerMeasuredVoxel
  expect(Math.abs(misfit / expected.misfit.family - 1)).toBeLessThan(0.01)
})

it('mixes without a word of warning with the bundle’s own settings', () => {
  const { settings, diagnostics, warnings } = recordOf('cryowgen-2')
  expect(settings).toMatchObject({ integrator: 'leimkuhler-matthews', step: 1, steps: 108, burnIn: 8, thin: 2 })
  expect(warnings).toEqual([])
  expect(diagnostics.ess).toBeGreaterThan(0.8 * draws)
  expect(diagnostics.rHat).toBeLessThan(1.02)
})
