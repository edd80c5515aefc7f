import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fastestDevice, largestDifference, trustedDevice } from './device.ts'
import type { DeviceSources } from './device.ts'
import { absence, cudaLibrary } from './device-support.ts'
import type { Accelerator, SupportSources } from './device-support.ts'
import { forgetTrial, lastCrash, onTrial } from './device-trials.ts'
import type { Target } from './lowering.ts'
import { floatTensor } from './session.ts'
import type { NetworkSession } from './session.ts'
import { trialFeeds } from './trial-feeds.ts'

/** How a make-believe device behaves. */
interface Behaviour {
  takes?: number
  /** Error of its results, relative. */
  error?: number
  opens?: false
  runs?: false
  convolution?: number
  absent?: string
  crashed?: Date
}

function workshop(behaviours: Record<Target, Behaviour>): {
  open: (device: Target) => Promise<NetworkSession>
  sources: DeviceSources
  isOpen: Set<Target>
  runs: Record<Target, number>
} {
  let clock = 0
  const isOpen = new Set<Target>()
  const runs = { cpu: 0, cuda: 0, webgpu: 0 }
  const open = (device: Target): Promise<NetworkSession> => {
    const { takes = 10, error = 0, opens, runs: canRun } = behaviours[device]
    if (opens === false) return Promise.reject(new Error(`no driver for ${device}`))
    isOpen.add(device)
    return Promise.resolve({
      device,
      threads: 1,
      inputs: [{ name: 'z', type: 'float32', shape: [4] }],
      outputNames: ['y'],
      run: ({ z }) => {
        clock += takes
        runs[device]++
        if (canRun === false) return Promise.reject(new Error('unsupported operator'))
        const data = Float32Array.from(z.data as Float32Array, (value) => value * (1 + error))
        return Promise.resolve({ y: floatTensor(data, [4]) })
      },
      close: () => {
        isOpen.delete(device)
        return Promise.resolve()
      }
    })
  }
  const sources: DeviceSources = {
    absence: (device) => behaviours[device].absent ?? null,
    lastCrash: (device) => Promise.resolve(behaviours[device].crashed ?? null),
    onTrial: (_device, work) => work(),
    convolution: (device) => Promise.resolve(behaviours[device].convolution ?? 1),
    now: () => clock
  }
  return { open, sources, isOpen, runs }
}

const choose = async (
  behaviours: Record<Target, Behaviour>
): Promise<{ device: Target; reason: string; isOpen: Set<Target>; runs: Record<Target, number>; said: string[] }> => {
  const { open, sources, isOpen, runs } = workshop(behaviours)
  const said: string[] = []
  const { session, choice } = await fastestDevice(open, (words) => said.push(words), sources)
  expect(session.device).toBe(choice.device)
  return { ...choice, isOpen, runs, said }
}

describe('the fastest device', () => {
  it('is the one whose step takes least, and the others are closed', async () => {
    const { device, reason, isOpen, said } = await choose({
      cpu: { takes: 58.6 },
      cuda: { takes: 1.52, error: 7e-4 },
      webgpu: { takes: 4.9, error: 4e-7 }
    })
    expect(device).toBe('cuda')
    expect(reason).toBe('a step takes 4.9 ms on webgpu, 1.52 ms on cuda, 58.6 ms on cpu')
    expect([...isOpen]).toEqual(['cuda'])
    expect(said).toEqual(['Timing a step on the CPU', 'Timing a step on cuda', 'Timing a step on webgpu'])
  })

  it('is the CPU where that is faster', async () => {
    const { device, isOpen } = await choose({ cpu: { takes: 2 }, cuda: { takes: 3 }, webgpu: { takes: 4 } })
    expect(device).toBe('cpu')
    expect([...isOpen]).toEqual(['cpu'])
  })

  it('is not one that computes something else, fails, crashed, or is not there', async () => {
    const crashed = new Date('2026-11-20T06:00:00Z')
    const wrong = await choose({ cpu: {}, cuda: { takes: 1, error: 2e-3 }, webgpu: { takes: 1, error: NaN } })
    expect(wrong.device).toBe('cpu')
    expect(wrong.reason).toContain("cuda: its step differs from the CPU's by 2.0e-3 (0.001 is allowed)")
    expect(wrong.reason).toContain('webgpu: its step is not finite')
    expect([...wrong.isOpen]).toEqual(['cpu'])
    const failing = await choose({ cpu: {}, cuda: { opens: false }, webgpu: { runs: false } })
    expect(failing.device).toBe('cpu')
    expect(failing.reason).toContain('cuda: no driver for cuda')
    expect(failing.reason).toContain('webgpu: unsupported operator')
    expect([...failing.isOpen]).toEqual(['cpu'])
    const gone = await choose({ cpu: {}, cuda: { absent: 'not installed' }, webgpu: { crashed } })
    expect(gone.reason).toBe(
      'the only device; cuda: not installed; webgpu: the process ended while it was tried at 2026-11-20 06:00 UTC; ' +
        '`wedgeview doctor` tries it again'
    )
    // Nothing to compare with: nothing is run.
    expect(gone.runs.cpu).toBe(0)
  })

  it('gives no step to a device in software', async () => {
    const { reason, runs } = await choose({ cpu: {}, cuda: { absent: 'no' }, webgpu: { convolution: 500 } })
    expect(reason).toContain('a convolution takes 500 ms, and 1 ms on the CPU')
    expect(runs.webgpu).toBe(0)
  })

  it('is not timed longer than needed', async () => {
    const { runs } = await choose({ cpu: { takes: 9000 }, cuda: { takes: 300 }, webgpu: { takes: 5000 } })
    expect(runs).toEqual({ cpu: 1, cuda: 4, webgpu: 1 })
  })
})

it('a device that was asked for is held to the CPU’s results', async () => {
  const good = workshop({ cpu: {}, cuda: { error: 5e-4 }, webgpu: {} })
  expect((await trustedDevice('cuda', good.open)).device).toBe('cuda')
  expect([...good.isOpen]).toEqual(['cuda'])
  const bad = workshop({ cpu: {}, cuda: { error: 5e-3 }, webgpu: {} })
  await expect(trustedDevice('cuda', bad.open)).rejects.toMatchObject({ code: 'device-inaccurate' })
  expect([...bad.isOpen]).toEqual([])
})

it('the difference is the worst output’s, relative to its largest value', () => {
  const of = (...values: number[]): Float32Array => Float32Array.of(...values)
  expect(largestDifference({ a: of(1, 2), b: of(10, 0) }, { a: of(1, 2), b: of(10, 1) })).toBeCloseTo(0.1, 6)
  expect(largestDifference({ a: of(0) }, { a: of(0) })).toBe(0)
  expect(largestDifference({ a: of(NaN) }, { a: of(1) })).toBe(Infinity)
  expect(largestDifference({ a: of(NaN, 1) }, { a: of(NaN, 1) })).toBe(0)
})

it('trial numbers are the same each time, with unit variance', () => {
  const inputs = [
    { name: 'z', type: 'float32', shape: [2, 5000] },
    { name: 'rotation', type: 'int32', shape: [2, 3] },
    { name: 'step', type: 'float32', shape: [2, 1] }
  ]
  const [a, b] = [trialFeeds(inputs), trialFeeds(inputs)]
  expect(a.z.data).toEqual(b.z.data)
  const values = Array.from(a.z.data as Float32Array)
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length
  expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  expect(Array.from(a.rotation.data as Int32Array)).toEqual([0, 1, 2, 0, 1, 2])
  expect(Array.from(a.step.data as Float32Array)).toEqual([Math.fround(0.01), Math.fround(0.01)])
})

describe('what the system shows', () => {
  const sources: SupportSources = { platform: 'linux', runtimeFolder: '/nowhere', devices: [], env: {} }

  it('rules out CUDA without its library', async () => {
    expect(absence('cuda', sources)).toMatch(/not installed \(libonnxruntime_providers_cuda\.so\)/)
    expect(absence('cuda', { ...sources, platform: 'darwin' })).toMatch(/no CUDA provider for darwin/)
    const folder = await mkdtemp(join(tmpdir(), 'runtime-'))
    try {
      await writeFile(join(folder, cudaLibrary('linux') ?? ''), '')
      expect(absence('cuda', { ...sources, runtimeFolder: folder })).toBeNull()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('rules out WebGPU on a Linux without a GPU', () => {
    expect(absence('webgpu', sources)).toBe('the system shows no GPU')
    expect(absence('webgpu', { ...sources, devices: ['null', 'card0'] })).toBe('the system shows no GPU')
    expect(absence('webgpu', { ...sources, devices: ['renderD128'] })).toBeNull()
    expect(absence('webgpu', { ...sources, devices: ['nvidia0'] })).toBeNull()
    expect(absence('webgpu', { ...sources, env: { VK_ICD_FILENAMES: '/a.json' } })).toBeNull()
    expect(absence('webgpu', { ...sources, platform: 'win32' })).toBeNull()
  })
})

describe('a trial that ends its process', () => {
  async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'device-trials-'))
    try {
      await work(folder)
    } finally {
      await rm(folder, { recursive: true })
    }
  }
  const note = (folder: string, device: Accelerator, pid: number, startedAt: number): Promise<void> =>
    writeFile(join(folder, `${device}.json`), JSON.stringify({ pid, startedAt }))
  /** Above every process id there can be. */
  const dead = 2 ** 22 + 1

  it('is known afterwards, for a day', () =>
    withFolder(async (folder) => {
      const now = Date.now()
      await note(folder, 'webgpu', dead, now - 60_000)
      expect(await lastCrash('webgpu', folder)).toEqual(new Date(now - 60_000))
      expect(await lastCrash('cuda', folder)).toBeNull()
      await note(folder, 'webgpu', dead, now - 25 * 3600_000)
      expect(await lastCrash('webgpu', folder)).toBeNull()
      await note(folder, 'webgpu', process.pid, now)
      expect(await lastCrash('webgpu', folder)).toBeNull()
      await writeFile(join(folder, 'webgpu.json'), '{')
      expect(await lastCrash('webgpu', folder)).toBeNull()
    }))

  it('leaves nothing when it ends well or with an error', () =>
    withFolder(async (folder) => {
      expect(await onTrial('cuda', async () => (await readdir(folder)).length, folder)).toBe(1)
      await expect(onTrial('cuda', () => Promise.reject(new Error('no')), folder)).rejects.toThrow('no')
      expect(await readdir(folder)).toEqual([])
    }))

  it('is forgotten when asked', () =>
    withFolder(async (folder) => {
      await note(folder, 'cuda', dead, Date.now())
      await forgetTrial('cuda', folder)
      expect(await lastCrash('cuda', folder)).toBeNull()
    }))
})
