import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openMrc } from 'mrc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directionsSchema } from '../../shared/directions.ts'
import { runRecordSchema } from '../../shared/runs.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { performWith } from './testing/perform.ts'
import { scriptedTools } from './testing/scripted-tools.ts'
import {
  greyValue,
  scriptedRequest,
  temporaryFolder,
  tomogramSize,
  writeSmallTomogram
} from './testing/small-tomogram.ts'
import type { FinishedRun, RunHooks } from './work.ts'

let folder = ''
beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const perform = (request: ReconstructRequest, hooks: Partial<RunHooks> = {}): Promise<FinishedRun> =>
  performWith(request, scriptedTools, hooks)

/** Grey values of the region of scriptedRequest, z, y, x. */
function regionValues(): number[] {
  const values = []
  for (let z = 1; z < 4; z++) for (let y = 1; y < 4; y++) for (let x = 2; x < 6; x++) values.push(greyValue(x, y, z))
  return values
}

/** Variance of the whole tomogram, on its own from its formula. */
function tomogramVariance(): number {
  const { x, y, z } = tomogramSize
  const uniform = (n: number): number => (n * n - 1) / 12
  return 1e2 * uniform(x) + 1e6 * uniform(y) + 1e10 * uniform(z)
}

async function readMap(path: string): Promise<{ values: Float32Array; file: Awaited<ReturnType<typeof openMrc>> }> {
  const file = await openMrc(path)
  const { x, y, z } = file.size
  const values = await file.readBox({ x: [0, x], y: [0, y], z: [0, z] })
  await file.close()
  return { values, file }
}

async function leftovers(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.includes('.partial-'))
}

describe('the run folder of a family', () => {
  let run: FinishedRun
  beforeAll(async () => {
    run = await perform(
      scriptedRequest(folder, 'family', {}, { settings: { threshold: 150_000, gamma: 0.5, seed: 42, chains: 2 } })
    )
  })

  it('holds the files of cli.md and nothing else', async () => {
    expect((await readdir(run.runPath)).sort()).toEqual([
      'diagnostics.json',
      'mean.mrc',
      'measured-variance.mrc',
      'members',
      'probability.mrc',
      'r-hat.mrc',
      'run.json',
      'std.mrc',
      'variance.mrc',
      'wedge-share.mrc',
      'wedge-variance.mrc'
    ])
    expect(await readdir(join(run.runPath, 'members'))).toEqual(['member-001.mrc', 'member-002.mrc'])
    expect(await leftovers()).toEqual([])
  })

  it('undoes the normalisation: means in grey values, variances in their square', async () => {
    const variance = tomogramVariance()
    const mean = await readMap(join(run.runPath, 'mean.mrc'))
    regionValues().forEach((value, i) => expect(mean.values[i]).toBeCloseTo(value, 1))
    const total = await readMap(join(run.runPath, 'variance.mrc'))
    for (const value of total.values) expect(value / (4 * variance)).toBeCloseTo(1, 6)
    const std = await readMap(join(run.runPath, 'std.mrc'))
    for (const value of std.values) expect(value / (2 * Math.sqrt(variance))).toBeCloseTo(1, 6)
    const share = await readMap(join(run.runPath, 'wedge-share.mrc'))
    for (const value of share.values) expect(value).toBeCloseTo(0.75, 6)
    const second = await readMap(join(run.runPath, 'members', 'member-002.mrc'))
    regionValues().forEach((value, i) => expect(second.values[i] / (value + 2 * Math.sqrt(variance))).toBeCloseTo(1, 5))
    // A ratio has no grey values.
    const rHat = await readMap(join(run.runPath, 'r-hat.mrc'))
    for (const value of rHat.values) expect(value).toBe(1.25)
    // The threshold is given in grey values.
    const probability = await readMap(join(run.runPath, 'probability.mrc'))
    expect([...probability.values]).toEqual(regionValues().map((value) => (value > 150_000 ? 1 : 0)))
  })

  it('keeps voxel size, and moves origin and start to the region', async () => {
    const { file, values } = await readMap(join(run.runPath, 'mean.mrc'))
    expect(file.size).toEqual({ x: 4, y: 3, z: 3 })
    expect(file.voxelSizeAngstrom).toEqual({ x: 10, y: 11, z: 12 })
    expect(file.start).toEqual({ x: 5, y: 1, z: -1 })
    expect(file.origin).toEqual({ x: 120, y: 11, z: -8 })
    expect(file.labels[0]).toBe('made by a test')
    expect(file.labels[1]).toMatch(/^wedgeview \S+ mean cryowgen-2 gamma 0\.5 seed 42$/)
    expect(file.header.dmin).toBeCloseTo(Math.min(...values), 1)
    expect(file.header.dmax).toBeCloseTo(Math.max(...values), 1)
    const average = values.reduce((sum, value) => sum + value, 0) / values.length
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length)
    expect(file.header.dmean / average).toBeCloseTo(1, 5)
    expect(file.header.rms / spread).toBeCloseTo(1, 5)
  })

  it('records what was done, as the schema has it', async () => {
    const text = await readFile(join(run.runPath, 'run.json'), 'utf8')
    expect(runRecordSchema.parse(JSON.parse(text))).toEqual(run.record)
    const bytes = await readFile(join(folder, 'tomogram.mrc'))
    expect(run.record.input.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(run.record.input.roi).toEqual({ x: [2, 6], y: [1, 4], z: [1, 4] })
    expect(run.record).toMatchObject({ program: 'wedgeview', method: 'cryowgen-2', partial: false, device: 'script' })
    expect(run.record.settings).toMatchObject({ gamma: 0.5, seed: 42, threshold: 150_000 })
    expect(run.record.versions).toHaveProperty('onnxruntime-node')
    const normalization = run.record.settings.normalization as { mean: number; std: number }
    expect(normalization.std).toBeCloseTo(Math.sqrt(tomogramVariance()), 1)
    const diagnostics = JSON.parse(await readFile(join(run.runPath, 'diagnostics.json'), 'utf8'))
    expect(diagnostics).toHaveProperty('trace')
    const { members, variance } = directionsSchema.parse(diagnostics.directionalVariance)
    expect(members).toBe(2)
    const { values: mean } = await readMap(join(run.runPath, 'mean.mrc'))
    let squares = 0
    for (const name of ['member-001.mrc', 'member-002.mrc']) {
      const { values } = await readMap(join(run.runPath, 'members', name))
      for (let i = 0; i < values.length; i++) squares += (values[i] - mean[i]) ** 2 / values.length / 2
    }
    expect(variance / squares).toBeCloseTo(1, 5)
  })
})

describe('other runs', () => {
  it('writes one map for the CryoGEN methods', async () => {
    const { runPath } = await perform(scriptedRequest(folder, 'map', {}, { method: 'cryogen-1', roi: null }))
    expect((await readdir(runPath)).sort()).toEqual(['diagnostics.json', 'map.mrc', 'run.json'])
    const { file } = await readMap(join(runPath, 'map.mrc'))
    expect(file.size).toEqual(tomogramSize)
    expect(file.start).toEqual({ x: 3, y: 0, z: -2 })
    expect(file.origin).toEqual({ x: 100, y: 0, z: -20 })
  })

  it('makes missing parent folders, and sends partial maps in grey values', async () => {
    const partials: number[] = []
    const { runPath } = await perform(scriptedRequest(folder, 'a/b/run'), {
      onPartial: ({ maps, size }) => {
        expect(size).toEqual([3, 3, 4])
        expect(maps.map(({ role }) => role)).toEqual(['mean', 'std', 'wedge-share', 'member', 'member'])
        partials.push(maps[0].values[0])
      }
    })
    expect(runPath).toBe(join(folder, 'a/b/run'))
    expect(partials[0]).toBeCloseTo(regionValues()[0], 1)
  })

  it('says when the wedge was only assumed', async () => {
    const { record } = await perform(scriptedRequest(folder, 'assumed', {}, { wedgeSource: 'default' }))
    expect(record.warnings.map(({ code }) => code)).toContain('wedge-default')
    expect(record.wedge.source).toBe('default')
  })
})

describe('refusals', () => {
  it('refuses a region outside the volume', async () => {
    const request = scriptedRequest(folder, 'outside', {}, { roi: { x: [0, 8], y: [0, 5], z: [0, 4] } })
    await expect(perform(request)).rejects.toMatchObject({ kind: 'input', code: 'roi-outside' })
    expect(await readdir(folder)).not.toContain('outside')
  })

  it('refuses an existing run folder before any work', async () => {
    await mkdir(join(folder, 'taken'))
    await writeFile(join(folder, 'taken', 'precious'), 'x')
    const request = scriptedRequest(folder, 'taken', { dieAtStep: 1 })
    await expect(perform(request)).rejects.toMatchObject({ kind: 'usage', code: 'out-exists' })
    expect(await readdir(join(folder, 'taken'))).toEqual(['precious'])
  })

  it('refuses a place below a file', async () => {
    const request = scriptedRequest(folder, 'tomogram.mrc/run')
    await expect(perform(request)).rejects.toMatchObject({ kind: 'input', code: 'out-not-writable' })
  })

  it('refuses a file that is no volume', async () => {
    await writeFile(join(folder, 'notes.mrc'), 'not a volume')
    const request = { ...scriptedRequest(folder, 'none'), volumePath: join(folder, 'notes.mrc') }
    await expect(perform(request)).rejects.toMatchObject({ kind: 'input', code: 'not-mrc' })
  })
})

describe('cancelling', () => {
  async function cancelledAtFirstStep(name: string, keep: boolean): Promise<FinishedRun> {
    const controller = new AbortController()
    return perform(scriptedRequest(folder, name, { steps: 50 }), {
      signal: controller.signal,
      keepPartial: () => keep,
      onProgress: ({ step }) => step > 0 && controller.abort()
    })
  }

  it('leaves nothing', async () => {
    await expect(cancelledAtFirstStep('dropped', false)).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await readdir(folder)).not.toContain('dropped')
    expect(await leftovers()).toEqual([])
  })

  it('keeps a complete folder, marked as partial', async () => {
    const { record, runPath } = await cancelledAtFirstStep('kept', true)
    expect(record.partial).toBe(true)
    expect(await readdir(runPath)).toContain('mean.mrc')
  })

  it('leaves nothing when cancelled while the files are written', async () => {
    const controller = new AbortController()
    const run = perform(scriptedRequest(folder, 'late'), {
      signal: controller.signal,
      onProgress: ({ phase }) => phase.startsWith('Writing') && controller.abort()
    })
    await expect(run).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await readdir(folder)).not.toContain('late')
    expect(await leftovers()).toEqual([])
  })
})
