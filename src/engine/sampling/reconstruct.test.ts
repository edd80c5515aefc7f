import { beforeAll, describe, expect, it } from 'vitest'
import type { Progress } from '../../shared/jobs.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { RequestedSettings } from '../../shared/settings.ts'
import type { FamilyMaps } from '../posterior/family.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { reconstruct, resolveSettings } from './index.ts'
import type { Hooks, Problem, RunState } from './index.ts'
import { colouredSpectrum, makeGaussianProblem } from './oracle/gaussian-problem.ts'
import type { GaussianProblem } from './oracle/gaussian-problem.ts'
import { runMethod } from './oracle/run.ts'

const average = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length

let problem: GaussianProblem
beforeAll(async () => {
  problem = await makeGaussianProblem([10, 12, 9], colouredSpectrum, 0.5)
})

const short: RequestedSettings = { lambda: 4, beta: 0.5, step: 0.3, steps: 40, burnIn: 10, thin: 2, chains: 3, seed: 2 }

async function problemFor(method: MethodId, requested: RequestedSettings): Promise<Problem> {
  const { bundle, wedge, volume, size } = problem
  const common = { bundle, wedge, volume, size, method, device: 'cpu' as const, threads: 1 }
  return { ...common, ...(await resolveSettings(requested, bundle, common)) }
}

/** Aborts once `done` says so of a progress message. */
function abortingHooks(done: (progress: Progress) => boolean): Hooks {
  const controller = new AbortController()
  return {
    signal: controller.signal,
    onProgress: (progress) => {
      if (done(progress)) controller.abort()
    }
  }
}

describe('reconstruct', () => {
  it('gives the same result with one and two threads and again (oracle 8.6)', async () => {
    for (const [method, request] of [
      ['cryowgen-2', short],
      ['cryowgen-2', { ...short, mala: true, step: 0.1 }],
      ['cryowgen-1', { ...short, candidates: 40 }],
      ['cryogen-1', {}]
    ] as const) {
      const first = await runMethod(problem, method, request, 1)
      for (const threads of [1, 2]) {
        const other = await runMethod(problem, method, request, threads)
        expect(other.family).toEqual(first.family)
        expect(other.map).toEqual(first.map)
        expect(other.trace).toEqual(first.trace)
      }
    }
    const another = await runMethod(problem, 'cryowgen-2', { ...short, seed: 3 })
    const first = await runMethod(problem, 'cryowgen-2', short)
    expect(another.family?.mean).not.toEqual(first.family?.mean)
  })

  it('splits the variance into wedge and measured, and counts P(x > t)', async () => {
    const { family } = await runMethod(problem, 'cryowgen-2', { ...short, threshold: 0.2, members: 5 })
    if (!family) throw new Error('no family')
    expect(average(family.wedgeVariance) + average(family.measuredVariance)).toBeCloseTo(average(family.variance), 5)
    expect(family.draws).toBe(3 * 15)
    expect(family.members.length).toBe(5)
    expect(average(family.probability ?? [])).toBeGreaterThan(0.2)
    expect(average(family.probability ?? [])).toBeLessThan(0.8)
    // T_M of the mean is the mean of T_M x: the wedge's variance is what T_M takes out of the members.
    const operator = createWedgeOperator(problem.wedge, problem.size)
    for (const member of family.members) expect(average(operator.apply(member).map((v) => v * v))).toBeGreaterThan(0)
  })

  it('keeps the maps’ meaning with every draw a member', async () => {
    const result = await runMethod(problem, 'cryowgen-2', { ...short, members: 45, threshold: 0 })
    const family = result.family as FamilyMaps
    const { members } = family
    expect(members.length).toBe(45)
    const operator = createWedgeOperator(problem.wedge, problem.size)
    const measured = members.map((member) => operator.apply(member))
    const spread = (volumes: Float32Array[], i: number): number => {
      const mean = average(volumes.map((volume) => volume[i]))
      return average(volumes.map((volume) => (volume[i] - mean) ** 2))
    }
    for (const i of [0, 17, 503, 1079]) {
      expect(family.mean[i]).toBeCloseTo(average(members.map((member) => member[i])), 5)
      expect(family.variance[i]).toBeCloseTo(spread(members, i), 5)
      expect(family.measuredVariance[i]).toBeCloseTo(spread(measured, i), 5)
      expect(family.wedgeVariance[i]).toBeCloseTo(
        spread(
          members.map((member, m) => member.map((value, k) => value - measured[m][k])),
          i
        ),
        5
      )
      expect(family.probability?.[i]).toBeCloseTo(average(members.map((member) => (member[i] > 0 ? 1 : 0))), 5)
    }
  })

  it('reports progress, partial maps and live numbers', async () => {
    const seen: Progress[] = []
    const partials: FamilyMaps[] = []
    await reconstruct(await problemFor('cryowgen-2', short), {
      signal: new AbortController().signal,
      onProgress: (progress) => seen.push(progress),
      onPartial: (maps) => partials.push(maps)
    })
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(
      new Set(['Encoding', 'Compiling the step graph', 'Sampling'])
    )
    const last = seen[seen.length - 1]
    expect(last).toMatchObject({ fraction: 1, step: 40, steps: 40, members: 45 })
    expect(last.misfitPerMeasuredVoxel).toBeGreaterThan(0.3)
    expect(partials.length).toBeGreaterThan(0)
    expect(partials[0].mean.length).toBe(problem.volume.length)
  })

  it('keeps what a cancelled family has', async () => {
    const hooks = abortingHooks(({ phase, members }) => phase === 'Sampling' && members > 0)
    const result = await reconstruct(await problemFor('cryowgen-2', { ...short, steps: 100_000 }), hooks)
    expect(result.partial).toBe(true)
    expect(result.family?.draws).toBeGreaterThan(1)
    const weighted = abortingHooks(({ members }) => members > 0)
    const other = await reconstruct(await problemFor('cryowgen-1', { ...short, candidates: 100_000 }), weighted)
    expect(other.partial).toBe(true)
    expect(other.family?.draws).toBeLessThan(100_000)
  })

  it.each(['cryogen-1', 'cryogen-2', 'cryowgen-1', 'cryowgen-2'] as const)(
    'is cancelled before anything is there: %s',
    async (method) => {
      const hooks = abortingHooks(() => true)
      await expect(reconstruct(await problemFor(method, short), hooks)).rejects.toMatchObject({ kind: 'cancelled' })
    }
  )

  it.each([
    ['cryowgen-2', short],
    ['cryowgen-2', { ...short, decay: 0.7, decayDelay: 12 }],
    ['cryowgen-2', { ...short, mala: true, preconditioner: 'rmsprop', steps: 60, burnIn: 30, step: undefined }],
    ['cryowgen-1', { ...short, candidates: 70 }]
  ] as const)('goes on from any step to the same result: %s %j (oracle 8.6)', async (method, request) => {
    const asked = await problemFor(method, { ...request, threshold: 0.1 })
    const states: RunState[] = []
    const quiet = { signal: new AbortController().signal, onProgress: () => undefined }
    const whole = await reconstruct(asked, {
      ...quiet,
      checkpoint: {
        everySeconds: 0,
        save: async (state) => {
          states.push(structuredClone(state))
        }
      }
    })
    expect(states.length).toBeGreaterThan(3)
    for (const resumeFrom of [states[0], states[Math.floor(states.length * 0.7)]]) {
      const rest = await reconstruct({ ...asked, resumeFrom }, quiet)
      expect(rest).toEqual(whole)
    }
    const other = { ...asked, settings: { ...asked.settings, seed: 99 }, resumeFrom: states[1] }
    await expect(reconstruct(other, quiet)).rejects.toMatchObject({ kind: 'input', code: 'state-mismatch' })
  })

  it('leaves out diverged chains and fails where none is left', async () => {
    // Far beyond the stable step 2 / Lambda.
    const run = runMethod(problem, 'cryowgen-2', { ...short, preconditioner: 'none', step: 3 })
    await expect(run).rejects.toMatchObject({ kind: 'job', code: 'chains-diverged' })
  })

  it.each([
    ['cryowgen-1', { beta: 0 }, 'input', 'beta-needed'],
    ['cryowgen-2', { ...short, burnIn: 40 }, 'usage', 'no-draws']
  ] as const)('refuses what can’t work: %s %j', async (method, request, kind, code) => {
    await expect(runMethod(problem, method, request)).rejects.toMatchObject({ kind, code })
  })

  it('uses a device that was asked for, or says that it is not there', async () => {
    const asked = { ...(await problemFor('cryogen-2', {})), device: 'cuda' as const }
    const hooks = { signal: new AbortController().signal, onProgress: () => undefined }
    const outcome = await reconstruct(asked, hooks).catch((error: unknown) => error)
    if (outcome instanceof Error) expect(outcome).toMatchObject({ kind: 'input', code: 'device-unavailable' })
    else expect(outcome).toMatchObject({ device: 'cuda' })
  })
})
