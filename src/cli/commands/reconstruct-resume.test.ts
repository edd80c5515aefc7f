import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { buildRunnerEntry } from '../../engine/runner/testing/build-runner.ts'
import { temporaryFolder } from '../../engine/runner/testing/small-tomogram.ts'

/** The real command line, networks and processes, on the shipped microtubule; processes are killed in the middle of sampling. */
const sample = fromRoot('./resources/samples/microtubule-13pf.mrc')
const bundle = fromRoot('./resources/bundles/gaussian')
/** Long enough on any machine that a state is kept before the end: one is kept after two seconds. */
const family = [
  ...['--method', 'cryowgen-2', '--roi', '20:52,60:92,0:32', '--tilt-range', '-60:60', '--steps', '1000'],
  ...[
    '--burn-in',
    '20',
    '--thin',
    '4',
    '--chains',
    '2',
    '--members',
    '2',
    '--seed',
    '5',
    '--threads',
    '1',
    '--threshold',
    '10'
  ]
]

let folder = ''
let command = ''
let runner = ''
const started: ChildProcess[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  runner = await buildRunnerEntry()
  command = await buildRunnerEntry(fromRoot('./src/cli/testing/command-entry.ts'))
  const whole = start('whole')
  expect(await whole.ended, whole.text()).toBe(0)
}, 300_000)
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')))
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Started {
  child: ChildProcess
  ended: Promise<number | null>
  /** Everything on standard error so far. */
  text(): string
}

function start(out: string, ...more: string[]): Started {
  const args = [command, runner, 'reconstruct', sample, '--bundle', bundle, '--out', out, ...family, ...more]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  started.push(child)
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, ended: once(child, 'exit').then(([code]) => code as number | null), text: () => text }
}

async function untilThere(path: string): Promise<void> {
  while (!existsSync(path)) await wait(20)
}

/** Every file below a folder. */
async function filesOf(out: string): Promise<string[]> {
  const entries = await readdir(join(folder, out), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, out).length + 1))
    .sort()
}

/** Maps to the bit; the two documents but for times and for how often it was resumed. */
async function expectSameRun(out: string): Promise<void> {
  const files = await filesOf('whole')
  expect(await filesOf(out)).toEqual(files)
  expect(files).toContain(join('members', 'member-002.mrc'))
  for (const file of files) {
    const [a, b] = await Promise.all(['whole', out].map((name) => readFile(join(folder, name, file))))
    if (!file.endsWith('.json')) expect(b.equals(a), file).toBe(true)
    else expect(withoutTimes(b)).toEqual(withoutTimes(a))
  }
}

function withoutTimes(text: Buffer): unknown {
  const times = new Set(['seconds', 'startedAt', 'samplingSeconds', 'resumedTimes'])
  return JSON.parse(text.toString(), (key, value: unknown) => (times.has(key) ? undefined : value))
}

function firstStep(text: string): number {
  return Number(/step (\d+) of/.exec(text)?.[1])
}

describe('a run that is killed', () => {
  it('with its whole command goes on with --resume, to the bit', async () => {
    const killed = start('killed')
    await untilThere(join(folder, 'killed', 'state', 'sampler.state'))
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(await readdir(join(folder, 'killed'))).toEqual(['state'])
    const other = start('killed', '--resume', '--gamma', '2', '--roi', '20:52,60:92,1:33')
    expect(await other.ended).toBe(3)
    expect(other.text()).toMatch(/the region was .*; the setting gamma was not given and is 2/)
    const resumed = start('killed', '--resume')
    expect(await resumed.ended, resumed.text()).toBe(0)
    expect(firstStep(resumed.text())).toBeGreaterThan(1)
    await expectSameRun('killed')
    const again = start('killed', '--resume')
    expect(await again.ended).toBe(0)
    expect(again.text()).toMatch(/complete already/)
  }, 120_000)

  it('with its runner goes on by itself, to the bit', async () => {
    const running = start('orphan')
    await untilThere(join(folder, 'orphan', 'state', 'sampler.state'))
    const owner = JSON.parse(await readFile(join(folder, 'orphan', 'state', 'owner.json'), 'utf8')) as { pid: number }
    process.kill(owner.pid, 'SIGKILL')
    expect(await running.ended, running.text()).toBe(0)
    expect(running.text()).toMatch(/goes on from its last state/)
    await expectSameRun('orphan')
  }, 120_000)

  it('by the system’s request to end leaves what it had, to be resumed', async () => {
    const stopped = start('preempted')
    await untilThere(join(folder, 'preempted', 'state', 'sampler.state'))
    stopped.child.kill('SIGTERM')
    expect(await stopped.ended).toBe(130)
    expect(stopped.text()).toMatch(/go on with --resume/)
    expect(await readdir(join(folder, 'preempted'))).toEqual(['state'])
  }, 60_000)

  it('by Ctrl-C leaves nothing', async () => {
    const stopped = start('stopped')
    await untilThere(join(folder, 'stopped', 'state', 'sampler.state'))
    stopped.child.kill('SIGINT')
    expect(await stopped.ended).toBe(130)
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([])
  }, 60_000)
})
