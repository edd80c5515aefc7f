import { readdir, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { createJobQueue } from '../jobs/index.ts'
import type { JobSnapshot } from '../jobs/index.ts'
import { childProcessRunner } from './child-process.ts'
import { estimateReconstruction } from './estimate.ts'
import type { RunnerPort } from './port.ts'
import { buildRunnerEntry } from './testing/build-runner.ts'
import { performWith } from './testing/perform.ts'
import { temporaryFolder } from './testing/small-tomogram.ts'
import { streamingTools } from './testing/streaming-tools.ts'
import { productionTools } from './tools.ts'

let folder = ''
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function requestFor(name: string, rest: Partial<ReconstructRequest> = {}): ReconstructRequest {
  return {
    volumePath: fromRoot('./resources/samples/microtubule-13pf.mrc'),
    bundlePath: fromRoot('./resources/bundles/gaussian'),
    method: 'cryowgen-2',
    outPath: join(folder, name),
    wedge: defaultWedge,
    wedgeSource: 'given',
    roi: { x: [10, 62], y: [60, 73], z: [4, 21] },
    settings: { tile: 44, steps: 14, burnIn: 4, thin: 2, chains: 2, members: 3, threshold: 90, step: 0.3 },
    device: 'cpu',
    threads: 1,
    ...rest
  }
}

async function filesOf(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.mrc')).sort()
}

/** Every map to the bit, header included, and every number in the record but times. */
async function expectSame(a: string, b: string): Promise<void> {
  const files = await filesOf(join(folder, a))
  expect(files.length).toBeGreaterThan(0)
  expect(await filesOf(join(folder, b))).toEqual(files)
  for (const file of files) {
    const [one, other] = await Promise.all([a, b].map((name) => readFile(join(folder, name, file))))
    expect(one.equals(other), file).toBe(true)
  }
  const recordOf = async (name: string, file: string): Promise<unknown> => {
    const value = JSON.parse(await readFile(join(folder, name, file), 'utf8')) as Record<string, unknown>
    // Directions need the members side by side, which only a region held in memory has (docs/runs.md).
    return { ...value, seconds: 0, startedAt: '', samplingSeconds: 0, resumedTimes: 0, directionalVariance: null }
  }
  for (const file of ['run.json', 'diagnostics.json']) expect(await recordOf(b, file)).toEqual(await recordOf(a, file))
}

describe('a region whose maps stay on the disk', () => {
  beforeAll(() => performWith(requestFor('held'), productionTools).then(() => undefined), 60_000)

  it('has the same maps to the bit as one in memory', async () => {
    const turns: number[] = []
    const { record } = await performWith(requestFor('streamed'), streamingTools, {
      onPartial: ({ members }) => turns.push(members)
    })
    expect(record.tiles).toBeGreaterThan(1)
    expect(await filesOf(record.partial ? '' : join(folder, 'streamed'))).toContain('probability.mrc')
    await expectSame('held', 'streamed')
    // The whole region is not there to be shown as it grows.
    expect(turns).toEqual([])
    expect((await readdir(folder)).sort()).toEqual(['held', 'streamed'])
  })

  it.each(['cryogen-1', 'cryogen-2', 'cryowgen-1'] as const)('so has one of %s', async (method) => {
    const settings = { tile: 44, steps: 4, candidates: 4, beta: 1, members: 2 }
    await performWith(requestFor(`${method}-held`, { method, settings }), productionTools)
    await performWith(requestFor(`${method}-streamed`, { method, settings }), streamingTools)
    await expectSame(`${method}-held`, `${method}-streamed`)
  })

  it('keeps the tiles that it has where it is cancelled', async () => {
    for (const [name, tools] of [
      ['cut-held', productionTools],
      ['cut-streamed', streamingTools]
    ] as const) {
      const controller = new AbortController()
      const { record } = await performWith(requestFor(name), tools, {
        signal: controller.signal,
        keepPartial: () => true,
        onProgress: ({ phase }) => phase.startsWith('Tile 2') && controller.abort()
      })
      expect(record).toMatchObject({ partial: true })
      expect(record.warnings.map(({ code }) => code)).toContain('tiles-missing')
    }
    await expectSame('cut-held', 'cut-streamed')
  })

  it('goes on in the tile it was stopped in, to the bit', async () => {
    const request = requestFor('stopped')
    const orphan = new AbortController()
    let saved = 0
    const interrupted = performWith(request, streamingTools, {
      signal: orphan.signal,
      isOrphaned: () => true,
      onSaved: () => ++saved > 20 && orphan.abort(),
      stateEverySeconds: 0
    })
    await expect(interrupted).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await readdir(join(request.outPath, 'state'))).toContain('tile-0000.state')
    await performWith({ ...request, resume: true }, streamingTools)
    await expectSame('held', 'stopped')
  })

  it('survives the death of its process, to the bit', async () => {
    const spawn = childProcessRunner(await buildRunnerEntry(fromRoot('./src/engine/runner/testing/streaming-entry.ts')))
    const ports: RunnerPort[] = []
    let end: (job: JobSnapshot) => void = () => undefined
    const ended = new Promise<JobSnapshot>((resolve) => (end = resolve))
    const queue = createJobQueue({
      spawnRunner: () => {
        const port = spawn()
        ports.push(port)
        return port
      },
      onJob: (job) => {
        if (job.progress?.phase.startsWith('Tile 2') && ports.length === 1) ports[0].kill()
        if (job.state !== 'queued' && job.state !== 'running') end(job)
      },
      onPartial: () => undefined
    })
    queue.submit(requestFor('killed'))
    expect(await ended).toMatchObject({ state: 'done', failure: null })
    await queue.close()
    expect(ports).toHaveLength(2)
    await expectSame('held', 'killed')
  }, 60_000)

  it('fails in words where the disk is full, claims nothing, and goes on when there is room', async () => {
    const request = requestFor('full')
    // What is written there fails as on a disk without room.
    const intoNothing = join(request.outPath, 'state', 'tile-0001.state.new')
    const failing = performWith(request, streamingTools, {
      onSaved: () => void symlink('/dev/full', intoNothing).catch(() => undefined)
    })
    await expect(failing).rejects.toMatchObject({ kind: 'job', code: 'disk-full' })
    expect(await readdir(request.outPath)).toEqual(['state'])
    const kept = await readdir(join(request.outPath, 'state'))
    expect(kept).toContain('tile-0000.state')
    expect(kept.filter((name) => name.startsWith('tile-0001'))).toEqual([])
    await performWith({ ...request, resume: true }, streamingTools)
    await expectSame('held', 'full')
  })

  it('is estimated from its first tile', async () => {
    const { signal } = new AbortController()
    const { seconds, reason } = await estimateReconstruction(requestFor('estimated'), signal, streamingTools)
    expect(seconds).toBeGreaterThan(0)
    expect(reason).toMatch(/in \d+ tiles|of \d+ tiles/)
    expect(reason).toMatch(/sections of maps at a time/)
    const once = requestFor('estimated', { method: 'cryogen-2', settings: { tile: 44 } })
    expect((await estimateReconstruction(once, signal, streamingTools)).reason).toMatch(/One of \d+ tiles/)
  })
})
