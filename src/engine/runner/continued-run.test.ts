import { createHash } from 'node:crypto'
import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openMrc } from 'mrc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import type { Box } from '../../shared/axes.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { runRecordSchema, type RunRecord } from '../../shared/runs.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { expectedPosterior } from './testing/expected-posterior.ts'
import { perform } from './testing/perform.ts'
import { temporaryFolder } from './testing/small-tomogram.ts'
import type { FinishedRun } from './work.ts'

const whole: Box = { x: [10, 34], y: [60, 80], z: [6, 26] }
const part: Box = { x: [14, 33], y: [60, 76], z: [8, 24] }

let folder = ''
let origin: FinishedRun
beforeAll(async () => {
  folder = await temporaryFolder()
  origin = await perform(
    requestFor('origin', { steps: 60, burnIn: 12, thin: 2, chains: 4, members: 8, threshold: 90, step: 0.5 })
  )
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

function requestFor(name: string, settings: ReconstructRequest['settings']): ReconstructRequest {
  return {
    volumePath: fromRoot('./resources/samples/microtubule-13pf.mrc'),
    bundlePath: fromRoot('./resources/bundles/gaussian'),
    method: 'cryowgen-2',
    outPath: join(folder, name),
    wedge: defaultWedge,
    wedgeSource: 'given',
    roi: whole,
    settings,
    device: 'cpu',
    threads: 1
  }
}

function continuing(name: string, gamma: number, rest: Partial<ReconstructRequest> = {}): ReconstructRequest {
  return { ...requestFor(name, { gamma }), roi: part, continueFrom: { runPath: join(folder, 'origin') }, ...rest }
}

async function voxelsOf(path: string): Promise<Float32Array> {
  const file = await openMrc(path)
  const { x, y, z } = file.size
  const values = await file.readBox({ x: [0, x], y: [0, y], z: [0, z] })
  await file.close()
  return values
}

/** The family of a run against the closed form at its own temperature and in its own region. */
async function expectClosedForm({ record, runPath }: FinishedRun): Promise<void> {
  const exact = await expectedPosterior(record)
  const variance = await voxelsOf(join(runPath, 'variance.mrc'))
  const mean = await voxelsOf(join(runPath, 'mean.mrc'))
  const { mean: greyMean } = record.settings.normalization as { mean: number }
  const square = exact.greyStd ** 2
  const expected = exact.variance * square
  const wrong = average(mean.map((value, i) => (value - greyMean - exact.mean[i] * exact.greyStd) ** 2))
  const ess = record.diagnostics.ess ?? 0
  expect(ess).toBeGreaterThan(20)
  // Variance about the sample's own mean; thousands of voxels times some tens of draws give it a hundredth or two.
  expect(average(variance) / expected / (1 - 1 / ess)).toBeCloseTo(1, 1.3)
  expect(wrong / expected).toBeLessThan(2 / ess)
}

function average(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

const continuedOf = ({ continuedFrom }: RunRecord): unknown => continuedFrom

describe('a run that goes on from another’s chains', () => {
  it.each([0.25, 4])('has the closed form’s family at temperature %d, in a part of the region', async (gamma) => {
    const partials: number[] = []
    const run = await perform(continuing(`gamma-${gamma}`, gamma), {
      onPartial: ({ members }) => partials.push(members)
    })
    await expectClosedForm(run)
    expect(partials.length).toBeGreaterThan(0)
    expect(run.record.input.roi).toEqual(part)
    const text = await readFile(join(origin.runPath, 'run.json'), 'utf8')
    expect(
      continuedOf(runRecordSchema.parse(JSON.parse(await readFile(join(run.runPath, 'run.json'), 'utf8'))))
    ).toEqual({
      path: origin.runPath,
      sha256: createHash('sha256').update(text).digest('hex'),
      gamma: 1,
      starts: 8
    })
    // Short, since the chains are near where they belong; everything else is that run's.
    expect(Number(run.record.settings.steps)).toBeLessThan(Number(origin.record.settings.steps))
    expect(run.record.settings).toMatchObject({
      gamma,
      chains: 8,
      threshold: 90,
      lambda: origin.record.settings.lambda,
      preconditioner: origin.record.settings.preconditioner,
      normalization: origin.record.settings.normalization
    })
    expect(run.record.chosen.find(({ setting }) => setting === 'chains')?.reason).toBe('one from each start')
  })

  it('starts at the new posterior’s scale: already its first draws have the variance', async () => {
    const settings = { gamma: 4, burnIn: 0, steps: 2, thin: 1 }
    const { runPath, record } = await perform({ ...continuing('first', 4), settings })
    const exact = await expectedPosterior(record)
    const variance = average(await voxelsOf(join(runPath, 'variance.mrc')))
    // 8 chains whose draws hardly differ from their starts have 7 / 8 of the variance; unscaled starts would have a quarter of that.
    expect(variance / (exact.variance * exact.greyStd ** 2)).toBeGreaterThan(0.65)
    expect(variance / (exact.variance * exact.greyStd ** 2)).toBeLessThan(1.05)
  })

  it('goes on from a run that is still being computed', async () => {
    const controller = new AbortController()
    const running = requestFor('running', { steps: 5000, burnIn: 10, thin: 1, chains: 4, members: 2, step: 0.5 })
    let saved = 0
    let enough: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (enough = resolve))
    const first = perform(running, {
      signal: controller.signal,
      stateEverySeconds: 0,
      onSaved: () => ++saved === 25 && enough()
    })
    await begun
    const second = await perform(continuing('beside', 2, { continueFrom: { runPath: running.outPath } }))
    controller.abort()
    await expect(first).rejects.toMatchObject({ kind: 'cancelled' })
    expect(second.record.continuedFrom).toEqual({ path: running.outPath, sha256: null, gamma: 1, starts: 4 })
    await expectClosedForm(second)
  }, 60_000)

  it('is resumed to the bit, also where the run gone on from is no longer there', async () => {
    const copy = join(folder, 'copy')
    await cp(origin.runPath, copy, { recursive: true })
    const request = continuing('stopped', 0.5, { continueFrom: { runPath: copy } })
    await perform({ ...request, outPath: join(folder, 'unstopped') })
    const orphan = new AbortController()
    let saved = 0
    const interrupted = perform(request, {
      signal: orphan.signal,
      isOrphaned: () => true,
      onSaved: () => ++saved > 5 && orphan.abort(),
      stateEverySeconds: 0
    })
    await expect(interrupted).rejects.toMatchObject({ kind: 'cancelled' })
    await rm(copy, { recursive: true })
    const resumed = await perform({ ...request, resume: true })
    expect(resumed.record.continuedFrom).toMatchObject({ path: copy, starts: 8 })
    for (const file of ['mean.mrc', 'variance.mrc', join('members', 'member-003.mrc')]) {
      const [a, b] = ['unstopped', 'stopped'].map((name) => readFile(join(folder, name, file)))
      expect((await a).equals(await b)).toBe(true)
    }
  })

  it('is refused where it is of something else', async () => {
    const other = continuing('refused', 1)
    const refusals: [Partial<ReconstructRequest>, string, RegExp][] = [
      [{ roi: { ...part, x: [9, 30] } }, 'continue-differs', /region 9:30.* is not inside/],
      [{ wedge: { ...defaultWedge, tiltMax: 50 } }, 'continue-differs', /wedge/],
      [{ continueFrom: { runPath: join(folder, 'nowhere') } }, 'nothing-to-continue', /not there/]
    ]
    for (const [change, code, message] of refusals) {
      const refused = perform({ ...other, ...change })
      await expect(refused).rejects.toMatchObject({ code })
      await expect(refused).rejects.toThrow(message)
    }
  })
})
