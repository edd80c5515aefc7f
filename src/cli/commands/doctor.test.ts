import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { buildRunnerEntry } from '../../engine/runner/testing/build-runner.ts'
import { adviceSources, providerAdvice } from '../doctor/advice.ts'
import type { AdviceSources } from '../doctor/advice.ts'
import { nvidiaList } from '../doctor/machine.ts'
import { probeElsewhere } from '../doctor/provider-probe.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'
import type { DoctorIo, DoctorReport } from './doctor.ts'

class DoctorTestIo extends RecordedIo implements DoctorIo {
  readonly selfCommand: readonly string[]
  constructor(selfCommand: readonly string[]) {
    super('/')
    this.selfCommand = selfCommand
  }
}

let selfCommand: readonly string[] = []
beforeAll(async () => {
  selfCommand = [process.execPath, await buildRunnerEntry(fromRoot('./src/cli/index.ts'))]
})

test('the report says what works here, and of what does not why', async () => {
  const io = new DoctorTestIo(selfCommand)
  expect(await run(['doctor', '--json'], io)).toBe(0)
  const report = JSON.parse(io.out) as DoctorReport
  expect(report.versions.wedgeview).toMatch(/^\d+\.\d+\.\d+/)
  expect(report.versions['onnxruntime-node']).toBe('1.29.0')
  expect(report.providers.map(({ name }) => name)).toEqual(['cpu', 'cuda', 'webgpu'])
  const [cpu] = report.providers
  expect(cpu).toMatchObject({ name: 'cpu', works: true, reason: null })
  for (const { works, reason, milliseconds, advice } of report.providers) {
    expect(works ? milliseconds : reason?.length).toBeGreaterThan(0)
    expect(advice.length > 0).toBe(!works)
  }
  expect(report.memory.totalBytes).toBeGreaterThan(1e8)
  expect(report.memory.limitBytes === null || report.memory.limitBytes < report.memory.totalBytes).toBe(true)
})

test('a provider that takes its process down is reported, not suffered', async () => {
  const crash = [process.execPath, '-e', 'console.error("driver fault"); process.kill(process.pid, "SIGKILL")', '--']
  const { signal } = new AbortController()
  expect(await probeElsewhere('cuda', crash, signal)).toEqual({
    works: false,
    reason: 'The process that tried it was ended by SIGKILL: driver fault.',
    milliseconds: null
  })
  const missing = await probeElsewhere('cuda', ['/no/such/program'], signal)
  expect(missing.reason).toMatch(/ENOENT/)
})

test('a missing CUDA provider comes with what to do about it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'))
  try {
    const sources: AdviceSources = { platform: 'linux', arch: 'x64', folder, runtimeVersion: '1.29.0' }
    const missing = providerAdvice('cuda', sources).join('\n')
    expect(missing).toContain('--onnxruntime-node-install=cuda12')
    expect(missing).toContain('com.github.asus4.onnxruntime.linux-x64-gpu@0.4.9')
    expect(missing).toContain(folder)
    await writeFile(join(folder, 'libonnxruntime_providers_cuda.so'), '')
    expect(providerAdvice('cuda', sources).join('\n')).toMatch(/is installed in .* cuDNN 9 .* 1\.29\.0/s)
    expect(providerAdvice('cuda', { ...sources, platform: 'darwin' })).toEqual([
      expect.stringContaining('Linux x64 only')
    ])
    expect(providerAdvice('webgpu', sources)).toEqual([expect.stringContaining('libvulkan1')])
    expect(providerAdvice('cpu', sources)).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the installer that the advice names is there', () => {
  const [, command] = providerAdvice('cuda', { ...adviceSources('1.29.0'), platform: 'linux', arch: 'x64' })
  const script = /node (\S+install\.js)/.exec(command)?.[1]
  expect(existsSync(script ?? '')).toBe(true)
})

test('what NVIDIA’s tool prints is understood', () => {
  expect(nvidiaList('NVIDIA H200, 143771, 580.65.06\nNVIDIA GeForce RTX 4090, [N/A], 550.1\n')).toEqual([
    { name: 'NVIDIA H200', memoryBytes: 143771 * 2 ** 20, driver: '580.65.06' },
    { name: 'NVIDIA GeForce RTX 4090', memoryBytes: null, driver: '550.1' }
  ])
  expect(nvidiaList('\n')).toEqual([])
})
