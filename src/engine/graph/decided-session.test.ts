import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WedgeviewError } from '../../shared/errors.ts'
import { openBeside, openWhereDecided } from './decided-session.ts'
import type { Candidate, DecisionSources } from './decided-session.ts'
import { trustedDevice } from './device.ts'
import type { DeviceChoice } from './device.ts'
import { keepDecision } from './device-decisions.ts'
import type { Target } from './lowering.ts'
import { doublingSession } from './testing/make-believe-device.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decided-'))
})
afterEach(() => rm(folder, { recursive: true }))

const auto = { device: 'auto', threads: 1 } as const

interface Machine {
  /** Part of every key: the machine's identity. */
  identity: string
  /** What timing would find. */
  fastest: DeviceChoice
  /** Errors of devices' results, relative; absent where a device is not there. */
  errors: Partial<Record<Target, number>>
  /** Networks don't run there though the device works. */
  refuses?: Target
}

/** A process of its own on a machine: nothing is known in it, the store on disk is the same. */
function startProcess(machine: Machine): {
  sources: DecisionSources
  candidate: Candidate
  timings: () => number
  comparisons: () => number
  isOpen: Target[]
} {
  let [timings, comparisons] = [0, 0]
  const isOpen: Target[] = []
  const open = (device: Target): ReturnType<Candidate['open']> => {
    const error = machine.errors[device]
    if (error === undefined)
      return Promise.reject(new WedgeviewError('input', 'device-unavailable', `no ${device}`, 'add one'))
    if (machine.refuses === device) return Promise.reject(new Error('Kernel not found for Frobnicate'))
    isOpen.push(device)
    return Promise.resolve(doublingSession(device, error, () => isOpen.splice(isOpen.indexOf(device), 1)))
  }
  const sources: DecisionSources = {
    store: { folder },
    keyOf: (subject) => Promise.resolve(Buffer.from(`${subject} ${machine.identity}`).toString('hex')),
    fastest: async () => {
      timings++
      return { session: await open(machine.fastest.device), choice: machine.fastest }
    },
    trusted: (device, from) => {
      comparisons++
      return trustedDevice(device, from)
    },
    works: (device) => Promise.resolve(machine.errors[device] !== undefined),
    onTrial: (_device, work) => work(),
    known: new Map()
  }
  const candidate = { subject: 'graph', open }
  return { sources, candidate, timings: () => timings, comparisons: () => comparisons, isOpen }
}

const machine: Machine = {
  identity: 'driver 1',
  fastest: { device: 'webgpu', reason: 'a step takes 2 ms on webgpu, 9 ms on cpu' },
  errors: { cpu: 0, webgpu: 1e-6 }
}

describe('a decision between devices', () => {
  it('holds for the processes that come after, in the same words', async () => {
    const estimate = startProcess(machine)
    const first = await openWhereDecided(estimate.candidate, auto, estimate.sources)
    expect([first.session.device, first.choice]).toEqual(['webgpu', machine.fastest])
    // Under other load the run would have decided otherwise.
    const run = startProcess({ ...machine, fastest: { device: 'cpu', reason: 'busy' } })
    const second = await openWhereDecided(run.candidate, auto, run.sources)
    expect(second.session.device).toBe('webgpu')
    expect(second.choice).toEqual(machine.fastest)
    expect([estimate.timings(), run.timings()]).toEqual([1, 0])
    await openWhereDecided(run.candidate, auto, run.sources)
    expect(run.timings()).toBe(0)
  })

  it('is made anew on a changed machine, for another graph and with other threads', async () => {
    const before = startProcess(machine)
    await openWhereDecided(before.candidate, auto, before.sources)
    const updated = startProcess({ ...machine, identity: 'driver 2' })
    await openWhereDecided(updated.candidate, auto, updated.sources)
    expect(updated.timings()).toBe(1)
    const other = startProcess(machine)
    await openWhereDecided({ ...other.candidate, subject: 'graph of another batch' }, auto, other.sources)
    await openWhereDecided(other.candidate, { device: 'auto', threads: 2 }, other.sources)
    expect(other.timings()).toBe(2)
  })

  it('is made anew where its device no longer runs the graph', async () => {
    const before = startProcess(machine)
    await openWhereDecided(before.candidate, auto, before.sources)
    const found: DeviceChoice = { device: 'cpu', reason: 'the only device' }
    const after = startProcess({ ...machine, fastest: found, errors: { cpu: 0 } })
    const { session, choice } = await openWhereDecided(after.candidate, auto, after.sources)
    expect([session.device, choice, after.timings()]).toEqual(['cpu', found, 1])
    const later = startProcess(machine)
    expect((await openWhereDecided(later.candidate, auto, later.sources)).session.device).toBe('cpu')
  })

  it('is the first one’s where two processes decide at once', async () => {
    const late = startProcess(machine)
    const { fastest } = late.sources
    late.sources.fastest = async (...args) => {
      const key = await late.sources.keyOf('graph auto 1')
      await keepDecision({ folder }, key, { device: 'cpu', reason: 'decided elsewhere meanwhile' })
      return fastest(...args)
    }
    const { session, choice } = await openWhereDecided(late.candidate, auto, late.sources)
    expect([session.device, choice?.reason]).toEqual(['cpu', 'decided elsewhere meanwhile'])
    expect(late.isOpen).toEqual(['cpu'])
  })

  it('is the run’s own where it goes on, and refused where that device is gone', async () => {
    const here = startProcess({ ...machine, errors: { cpu: 0 } })
    const decided: DeviceChoice = { device: 'webgpu', reason: 'then' }
    await expect(openWhereDecided(here.candidate, { ...auto, decided }, here.sources)).rejects.toMatchObject({
      code: 'device-gone'
    })
    expect(here.timings()).toBe(0)
  })

  it('is a comparison for a device that was asked for, made once', async () => {
    const settings = { device: 'webgpu', threads: 1 } as const
    const first = startProcess(machine)
    expect((await openWhereDecided(first.candidate, settings, first.sources)).choice).toBeNull()
    const second = startProcess(machine)
    expect((await openWhereDecided(second.candidate, settings, second.sources)).session.device).toBe('webgpu')
    expect([first.comparisons(), second.comparisons()]).toEqual([1, 0])
  })
})

describe('a network beside the step', () => {
  const there = { device: 'webgpu', threads: 1 } as const

  it('runs on the step’s device, compared with the CPU once', async () => {
    const first = startProcess(machine)
    const { session, choice } = await openBeside(first.candidate, there, first.sources)
    expect([session.device, choice, first.isOpen]).toEqual(['webgpu', null, ['webgpu']])
    const second = startProcess(machine)
    expect((await openBeside(second.candidate, there, second.sources)).choice).toBeNull()
    expect([first.comparisons(), second.comparisons()]).toEqual([1, 0])
  })

  it.each([
    ['an operator is missing', { ...machine, refuses: 'webgpu' }, 'webgpu: Kernel not found for Frobnicate'],
    ['it computes something else', { ...machine, errors: { cpu: 0, webgpu: 5e-3 } }, 'differs from the CPU']
  ] as const)('runs on the CPU where %s, and says so', async (_what, broken, words) => {
    const first = startProcess(broken)
    const { session, choice } = await openBeside(first.candidate, there, first.sources)
    expect([session.device, choice?.device]).toEqual(['cpu', 'cpu'])
    expect(choice?.reason).toContain(words)
    expect(first.isOpen).toEqual(['cpu'])
    const second = startProcess(broken)
    const again = await openBeside(second.candidate, there, second.sources)
    expect(again.choice?.reason).toContain(words)
    expect(second.comparisons()).toBe(0)
  })

  it('is refused where the device itself is not there', async () => {
    const without = startProcess({ ...machine, errors: { cpu: 0 } })
    await expect(openBeside(without.candidate, there, without.sources)).rejects.toMatchObject({
      code: 'device-unavailable'
    })
  })
})
