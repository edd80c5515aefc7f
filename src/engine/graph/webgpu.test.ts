import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { systemChromium } from '../../../scripts/system-packages.mjs'
import { buildRunnerEntry } from '../runner/testing/build-runner.ts'
import type { ComparedRun } from './testing/webgpu-runs.ts'

/** Variables that make Chromium's SwiftShader, a Vulkan device in software, the only one; elsewhere the GPU there is. */
function vulkanInSoftware(): Record<string, string> {
  if (process.platform !== 'linux') return {}
  const chromium = systemChromium()
  const folders = [
    ...(chromium ? [dirname(realpathSync(chromium))] : []),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome'
  ]
  const folder = folders.find((candidate) => existsSync(join(candidate, 'vk_swiftshader_icd.json')))
  if (folder === undefined)
    throw new Error(`No vk_swiftshader_icd.json in ${folders.join(', ')}: install Chromium, which brings it along.`)
  return {
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    // Chromium brings the Vulkan loader along, too.
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter)
  }
}

interface Ended {
  code: number | null
  killedBy: string | null
  lines: unknown[]
  stderr: string
}

function runEntry(entry: string, args: readonly string[], cache: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...vulkanInSoftware(), XDG_CACHE_HOME: cache, LOCALAPPDATA: cache }
    const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code, killedBy) => {
      const lines = stdout
        .split('\n')
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line))
      resolve({ code, killedBy, lines, stderr })
    })
  })
}

let cache = ''
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'webgpu-cache-'))
})
afterEach(() => rm(cache, { recursive: true }))

it('WebGPU runs whole steps of exported networks by itself, and computes what the CPU does', async () => {
  const entry = await buildRunnerEntry(fromRoot('./src/engine/graph/testing/webgpu-entry.ts'))
  const paths = ['unet-isonet-like', 'unet-deepdewedge-like'].map((name) =>
    fromRoot(`./packages/onnx-autodiff/test/fixtures/${name}.onnx`)
  )
  const { code, killedBy, lines, stderr } = await runEntry(entry, paths, cache)
  expect({ code, killedBy }, stderr).toEqual({ code: 0, killedBy: null })
  const outputs = ['drift', 'energy', 'gradient', 'measured', 'misfit', 'position', 'tether']
  expect(lines).toHaveLength(2 * paths.length + 5 + 1)
  paths.forEach((path, i) => {
    const line = lines[i] as { path: string; outputs: string[]; difference: number }
    expect(line).toMatchObject({ path, outputs })
    expect(line.difference).toBeLessThan(1e-5)
  })
  const alone = lines.slice(2, 4) as { operators: string[]; difference: number }[]
  expect(alone[0].operators).toContain('ConvTranspose')
  for (const { difference } of alone) expect(difference).toBeLessThan(1e-5)

  const runs = lines.slice(4, 9) as ComparedRun[]
  expect(runs.map(({ run, device }) => [run, device])).toEqual([
    ['one pass', 'webgpu'],
    ['one pass, auto', 'webgpu'],
    ['split Gibbs', 'webgpu'],
    ['split Gibbs, auto', 'webgpu'],
    ['restless encoder', 'webgpu']
  ])
  for (const { difference } of runs) expect(difference).toBeLessThan(1e-4)
  const device = { setting: 'device', value: 'webgpu', reason: 'timed' }
  expect(runs.slice(0, 4).map(({ chosen }) => chosen)).toEqual([[], [device], [], [device]])
  expect(runs[4].chosen).toMatchObject([{ setting: 'encoderDevice', value: 'cpu' }])
  expect(runs[4].chosen[0].reason).toMatch(/webgpu: A network of the bundle draws random numbers/)
  // Kept for the processes that come after.
  if (process.platform === 'linux')
    expect((await readdir(join(cache, 'wedgeview', 'device-decisions'))).length).toBeGreaterThan(2)

  const choice = lines.at(-1) as { device: string; reason: string }
  expect(['cpu', 'webgpu']).toContain(choice.device)
  // A device in software is seen through before it is given a step.
  if (process.platform === 'linux') expect(choice).toMatchObject({ device: 'cpu' })
  expect(choice.reason).toMatch(/webgpu/)
}, 300_000)
