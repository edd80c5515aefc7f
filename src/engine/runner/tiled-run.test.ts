import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openMrc } from 'mrc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { runRecordSchema } from '../../shared/runs.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { estimateReconstruction } from './estimate.ts'
import { perform } from './testing/perform.ts'
import { temporaryFolder } from './testing/small-tomogram.ts'

let folder = ''
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function requestFor(name: string, settings: ReconstructRequest['settings'] = {}): ReconstructRequest {
  return {
    volumePath: fromRoot('./resources/samples/microtubule-13pf.mrc'),
    bundlePath: fromRoot('./resources/bundles/gaussian'),
    method: 'cryowgen-2',
    outPath: join(folder, name),
    wedge: defaultWedge,
    wedgeSource: 'given',
    roi: { x: [10, 62], y: [60, 80], z: [4, 28] },
    settings: { tile: 44, steps: 30, burnIn: 10, thin: 2, chains: 2, members: 2, ...settings },
    device: 'cpu',
    threads: 1
  }
}

async function voxelsOf(path: string): Promise<Float32Array> {
  const file = await openMrc(path)
  const { x, y, z } = file.size
  const values = await file.readBox({ x: [0, x], y: [0, y], z: [0, z] })
  await file.close()
  return values
}

describe('a run in tiles', () => {
  it('says how many, how large and why, and sends what it knows on the way', async () => {
    const phases = new Set<string>()
    const known: number[] = []
    const { record, runPath } = await perform(requestFor('tiled'), {
      onProgress: ({ phase }) => phases.add(phase),
      onPartial: ({ maps }) => known.push(maps[0].values.filter((value) => !Number.isNaN(value)).length)
    })
    expect(runRecordSchema.parse(JSON.parse(await readFile(join(runPath, 'run.json'), 'utf8'))).tiles).toBe(
      record.tiles
    )
    expect(record.tiles).toBeGreaterThan(1)
    expect(record.settings.tile).toBe(44)
    expect(record.chosen.map(({ setting }) => setting)).toEqual(expect.arrayContaining(['halo', 'tiles']))
    expect(record.chosen.find(({ setting }) => setting === 'halo')?.reason).toMatch(/measured.*ringing/)
    expect(record.warnings.map(({ code }) => code)).not.toContain('tile-not-used')
    expect(record.misfitPerMeasuredVoxel).toBeGreaterThan(0.5)
    expect([...phases]).toContain(`Tile ${record.tiles} of ${record.tiles}: Sampling`)
    expect(known[0]).toBeGreaterThan(0)
    expect(known[0]).toBeLessThan(52 * 20 * 24)
    for (const file of ['mean.mrc', 'std.mrc', 'wedge-share.mrc', join('members', 'member-002.mrc')])
      expect((await voxelsOf(join(runPath, file))).every(Number.isFinite)).toBe(true)
    expect(await readdir(folder)).toEqual(['tiled'])
  })

  it.each([
    ['cryogen-1', 'map.mrc'],
    ['cryogen-2', 'map.mrc'],
    ['cryowgen-1', 'mean.mrc']
  ] as const)('is there for %s, too', async (method, file) => {
    const request = requestFor(method, { steps: 4, candidates: 4, beta: 1, burnIn: undefined })
    const { record, runPath } = await perform({ ...request, method })
    expect(record.tiles).toBeGreaterThan(1)
    expect((await voxelsOf(join(runPath, file))).every(Number.isFinite)).toBe(true)
    const { trace } = JSON.parse(await readFile(join(runPath, 'diagnostics.json'), 'utf8')) as { trace: { misfit: [] } }
    expect(trace.misfit.length).toBeGreaterThan(0)
  })

  it('that is cancelled keeps the tiles it has, and marks the voxels it has not', async () => {
    const controller = new AbortController()
    const { record, runPath } = await perform(requestFor('cancelled'), {
      signal: controller.signal,
      keepPartial: () => true,
      onProgress: ({ phase }) => phase.startsWith('Tile 2') && controller.abort()
    })
    expect(record.partial).toBe(true)
    expect(record.warnings.map(({ code }) => code)).toContain('tiles-missing')
    const mean = await voxelsOf(join(runPath, 'mean.mrc'))
    expect(mean.some(Number.isNaN)).toBe(true)
    expect(mean.some(Number.isFinite)).toBe(true)
  })

  it('goes on in the tile it was killed in, to the bit', async () => {
    const request = requestFor('killed', { steps: 24 })
    const orphan = new AbortController()
    let saved = 0
    const interrupted = perform(request, {
      signal: orphan.signal,
      isOrphaned: () => true,
      onSaved: () => ++saved > 30 && orphan.abort(),
      stateEverySeconds: 0
    })
    await expect(interrupted).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await readdir(request.outPath)).toEqual(['state'])
    await perform({ ...request, resume: true })
    const whole = { ...request, outPath: join(folder, 'uninterrupted') }
    await perform(whole)
    for (const file of ['mean.mrc', 'variance.mrc', join('members', 'member-001.mrc')]) {
      const [a, b] = [whole, request].map(({ outPath }) => readFile(join(outPath, file)))
      expect((await a).equals(await b)).toBe(true)
    }
  })

  it('goes on on the device that was found fastest, or says that it is gone', async () => {
    const request: ReconstructRequest = { ...requestFor('moved'), device: 'auto' }
    const orphan = new AbortController()
    let saved = 0
    const interrupted = perform(request, {
      signal: orphan.signal,
      isOrphaned: () => true,
      onSaved: () => ++saved > 2 && orphan.abort(),
      stateEverySeconds: 0
    })
    await expect(interrupted).rejects.toMatchObject({ kind: 'cancelled' })
    const jobFile = join(request.outPath, 'state', 'job.json')
    const text = await readFile(jobFile, 'utf8')
    const { decisions } = JSON.parse(text) as { decisions: { device: { device: string; reason: string } } }
    expect(decisions.device).toMatchObject({ device: 'cpu', reason: expect.stringMatching(/cuda:/) as string })

    await writeFile(jobFile, text.replace('"device": "cpu"', '"device": "cuda"'))
    const gone = perform({ ...request, resume: true })
    await expect(gone).rejects.toMatchObject({ kind: 'input', code: 'device-gone' })
    await expect(gone).rejects.toThrow(/was begun on cuda, which can’t be used now/)
    // Nothing is lost by trying.
    await writeFile(jobFile, text)
    const { record } = await perform({ ...request, resume: true })
    expect(record.device).toBe('cpu')
    expect(record.chosen.find(({ setting }) => setting === 'device')).toMatchObject({ value: 'cpu' })
  })

  it('is estimated for all its tiles', async () => {
    const one = await estimateReconstruction(
      requestFor('one', { tile: null, steps: 400 }),
      new AbortController().signal
    )
    const many = await estimateReconstruction(requestFor('many', { steps: 400 }), new AbortController().signal)
    expect(one.reason).not.toMatch(/tiles/)
    expect(many.reason).toMatch(/in \d+ tiles/)
    expect(many.reason).toMatch(/on cpu,/)
    const auto = await estimateReconstruction(
      { ...requestFor('auto', { tile: null, steps: 400 }), device: 'auto' },
      new AbortController().signal
    )
    expect(auto.reason).toMatch(/on cpu, which `auto` chose \(.*cuda: /)
    expect(many.seconds).toBeGreaterThan(0)
  })

  it('is refused where a tile would be all halo', async () => {
    const refused = perform(requestFor('refused', { tile: 8 }))
    await expect(refused).rejects.toMatchObject({ kind: 'input', code: 'tile-too-small' })
    await expect(refused).rejects.toMatchObject({ hint: expect.stringMatching(/--tile \d+ or more/) as string })
    expect(await readdir(folder)).not.toContain('refused')
  })
})
