import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeviceChoice } from './device.ts'
import {
  decisionKey,
  forgetDecision,
  forgetDecisions,
  keepDecision,
  recallDecision,
  userDecisions
} from './device-decisions.ts'
import type { DecisionFacts, DecisionStore } from './device-decisions.ts'
import { machineIdentity } from './machine-identity.ts'

let folder = ''
let store: DecisionStore = { folder }
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decisions-'))
  store = { folder: join(folder, 'kept') }
})
afterEach(() => rm(folder, { recursive: true }))

const onGpu: DeviceChoice = { device: 'webgpu', reason: 'a step takes 2 ms on webgpu, 9 ms on cpu' }
const day = 24 * 3600_000

describe('the store of decisions', () => {
  it('gives back what was kept, for a week', async () => {
    expect(await recallDecision(store, 'a')).toBeNull()
    expect(await keepDecision(store, 'a', onGpu, 1000)).toEqual(onGpu)
    expect(await recallDecision(store, 'a', 1000 + 6 * day)).toEqual(onGpu)
    expect(await recallDecision(store, 'a', 1000 + 8 * day)).toBeNull()
    expect(await readdir(store.folder)).toEqual(['a.json'])
  })

  it('keeps the first of two, and replaces what is damaged or no longer holds', async () => {
    const onCpu: DeviceChoice = { device: 'cpu', reason: 'faster' }
    const now = Date.now()
    await keepDecision(store, 'a', onGpu, now)
    expect(await keepDecision(store, 'a', onCpu, now)).toMatchObject(onGpu)
    for (const damage of ['', '{', '{"device":"abacus","reason":"","decidedAt":1}']) {
      await writeFile(join(store.folder, 'a.json'), damage)
      expect(await recallDecision(store, 'a')).toBeNull()
      expect(await keepDecision(store, 'a', onCpu, now)).toEqual(onCpu)
    }
    expect(await keepDecision(store, 'a', onGpu, now + 8 * day)).toEqual(onGpu)
  })

  it('forgets one and all', async () => {
    await keepDecision(store, 'a', onGpu)
    await keepDecision(store, 'b', onGpu)
    await forgetDecision(store, 'a')
    expect(await readdir(store.folder)).toEqual(['b.json'])
    await forgetDecisions(store.folder)
    expect(await recallDecision(store, 'b')).toBeNull()
  })

  it('only costs a decision where it can’t be written', async () => {
    await writeFile(store.folder, 'a file where the folder should be')
    expect(await keepDecision(store, 'a', onGpu)).toEqual(onGpu)
    expect(await recallDecision(store, 'a')).toBeNull()
  })

  it('is not used when running from sources', () => {
    expect(userDecisions()).toBeNull()
  })
})

it('a key changes with the graph, the runtime, the machine and crashes', () => {
  const machine = machineIdentity('/', {})
  const facts: DecisionFacts = { subject: 'graph auto 2', compiler: 'program and onnxruntime', machine, crashed: [] }
  const keys = [
    facts,
    { ...facts, subject: 'graph auto 4' },
    { ...facts, compiler: 'program and newer onnxruntime' },
    { ...facts, crashed: ['webgpu'] },
    { ...facts, machine: { ...machine, system: 'next kernel' } },
    { ...facts, machine: { ...machine, processor: 'another' } },
    { ...facts, machine: { ...machine, cores: machine.cores + 1 } },
    { ...facts, machine: { ...machine, devices: ['renderD129'] } },
    { ...facts, machine: { ...machine, drivers: ['next driver'] } },
    { ...facts, machine: { ...machine, cudaProvider: 'newly installed' } },
    { ...facts, machine: { ...machine, variables: ['NVIDIA_TF32_OVERRIDE=0'] } }
  ].map(decisionKey)
  expect(new Set(keys).size).toBe(keys.length)
  expect(decisionKey({ ...facts, machine: machineIdentity('/', {}) })).toBe(keys[0])
})

it('a machine’s identity shows its GPUs, their drivers and the variables that matter', async () => {
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const bare = machineIdentity(folder, { HOME: '/home/someone' })
  expect(bare).toMatchObject({ devices: [], drivers: [], variables: [] })
  await put('dev/nvidia0', '')
  await put('dev/null', '')
  await put('dev/dri/renderD128', '')
  await put('sys/devices/gpu/vendor', '0x10de\n')
  await put('sys/devices/gpu/device', '0x2335\n')
  await mkdir(join(folder, 'sys/class/drm/card0'), { recursive: true })
  await symlink(join(folder, 'sys/devices/gpu'), join(folder, 'sys/class/drm/card0/device'))
  await put('proc/driver/nvidia/version', 'NVRM version: 580.65.06\n')
  await put('usr/share/vulkan/icd.d/nvidia_icd.json', '{}')
  const env = { HOME: '/home/someone', CUDA_VISIBLE_DEVICES: '1', NVIDIA_TF32_OVERRIDE: '' }
  const full = machineIdentity(folder, env)
  expect(full.devices).toEqual(['nvidia0', 'renderD128', 'card0 0x10de 0x2335'])
  expect(full.drivers).toEqual([
    'NVRM version: 580.65.06',
    expect.stringMatching(/usr\/share\/vulkan\/icd\.d\/nvidia_icd\.json 2 \d/)
  ])
  expect(full.variables).toEqual(['CUDA_VISIBLE_DEVICES=1'])
  await put('usr/share/vulkan/icd.d/nvidia_icd.json', '{"newer": true}')
  expect(machineIdentity(folder, env).drivers).not.toEqual(full.drivers)
})
