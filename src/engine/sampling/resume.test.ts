import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { RequestedSettings } from '../../shared/settings.ts'
import type { Manifest } from '../bundle/manifest.ts'
import { readStateFile, writeStateFile } from '../runner/state/state-file.ts'
import { makeGaussianProblem, symmetricWedge, whiteSpectrum } from './oracle/gaussian-problem.ts'
import { denoiserGraph, energyGraph, scoreGraph } from './oracle/prior-graphs.ts'
import type { Problem, RunState } from './problem.ts'
import { reconstruct } from './reconstruct.ts'
import { resolveSettings } from './settings.ts'

interface Case {
  name: string
  method: MethodId
  sampler?: Problem['sampler']
  spec: Manifest['prior']
  size?: ZYX
  graph: Uint8Array
  settings: RequestedSettings
  /** Between two saves at least one network run happens. */
  fewest: number
}

const denoiser: Case['spec'] = { kind: 'denoiser', domain: 'volume', rotations: 'none', noiseLevels: [2, 1.2, 0.7] }
const weights = { lambda: 4, beta: 0.2, gamma: 0.8 }
const cases: Case[] = [
  {
    name: 'split Gibbs',
    method: 'cryowgen-2',
    sampler: 'split-gibbs',
    spec: denoiser,
    graph: denoiserGraph(),
    settings: { ...weights, steps: 4, chains: 2, members: 5, threshold: 0.1 },
    fewest: 12
  },
  {
    name: 'the MAP by L-BFGS',
    method: 'cryogen-1',
    spec: { kind: 'energy', domain: 'volume', rotations: 'none' },
    graph: energyGraph(1, 0.5),
    settings: { ...weights, steps: 12 },
    fewest: 4
  },
  {
    name: 'the MAP through noise levels',
    method: 'cryogen-1',
    spec: denoiser,
    graph: denoiserGraph(),
    settings: { ...weights, steps: 10 },
    fewest: 8
  },
  {
    name: 'the MAP of a score',
    method: 'cryogen-1',
    spec: { kind: 'score', domain: 'volume', rotations: 'none' },
    graph: scoreGraph(),
    settings: { ...weights, steps: 10 },
    fewest: 4
  },
  {
    name: 'the MAP of an energy at random rotations',
    method: 'cryogen-1',
    spec: { kind: 'energy', domain: 'observation', rotations: 'cube' },
    size: [8, 8, 8],
    graph: energyGraph(1, 0.5),
    settings: { ...weights, steps: 10 },
    fewest: 8
  }
]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(cases)('$name', ({ method, sampler, spec, graph, settings: requested, fewest, size = [7, 9, 8] }) => {
  it('goes on from every state that it keeps, to the bit', async () => {
    const { bundle, wedge, volume } = await makeGaussianProblem(size, whiteSpectrum, 0.5, symmetricWedge, {
      spec,
      graph
    })
    const facts = { bundle, wedge, volume, size, method, sampler, device: 'cpu' as const, threads: 1 }
    const problem: Problem = { ...facts, ...(await resolveSettings(requested, bundle, facts)) }
    const quiet = { signal: new AbortController().signal, onProgress: () => undefined }
    const files: string[] = []
    const whole = await reconstruct(problem, {
      ...quiet,
      checkpoint: {
        everySeconds: 0,
        save: async (state) => {
          const file = join(folder, `${files.length}.state`)
          await writeStateFile(file, state)
          files.push(file)
        }
      }
    })
    expect(files.length).toBeGreaterThanOrEqual(fewest)
    for (const file of files) {
      const resumeFrom = (await readStateFile(file)) as RunState
      expect(await reconstruct({ ...problem, resumeFrom }, quiet)).toEqual(whole)
    }
    const other = { ...problem.settings, lambda: 3 }
    const resumeFrom = (await readStateFile(files[0])) as RunState
    await expect(reconstruct({ ...problem, settings: other, resumeFrom }, quiet)).rejects.toMatchObject({
      code: 'state-mismatch'
    })
  })
})
