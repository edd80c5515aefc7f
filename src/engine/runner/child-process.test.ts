import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { stagingPathOf } from '../posterior/staging.ts'
import { childProcessRunner } from './child-process.ts'
import { runnerEventSchema, type RunnerEvent, type RunnerRequest } from './protocol.ts'
import { RunnerSupervisor } from './supervisor.ts'
import { buildRunnerEntry } from './testing/build-runner.ts'
import { scriptedRequest, temporaryFolder, writeSmallTomogram } from './testing/small-tomogram.ts'

let folder = ''
let entry = ''
beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
  entry = await buildRunnerEntry(fromRoot('./src/engine/runner/testing/scripted-entry.ts'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const started: ChildProcess[] = []
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')))

function startRunner(): ChildProcess {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'], execArgv: [] })
  started.push(child)
  return child
}

function until(child: ChildProcess, type: RunnerEvent['type']): Promise<RunnerEvent> {
  return new Promise((resolve) =>
    child.on('message', (message) => {
      const event = runnerEventSchema.parse(message)
      if (event.type === type) resolve(event)
    })
  )
}

function runRequest(name: string): RunnerRequest {
  const request = scriptedRequest(folder, name, { steps: 100_000, blockMilliseconds: 2 })
  return { type: 'run', id: name, request, stagingPath: stagingPathOf(request.outPath, name) }
}

it('ends, and leaves nothing, when the process that supervises it is gone', async () => {
  const child = startRunner()
  const sampling = until(child, 'progress')
  child.send(runRequest('orphan'))
  await sampling
  child.disconnect()
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(0)
  expect((await readdir(folder)).filter((name) => name.startsWith('orphan'))).toEqual([])
})

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves %s to its parent', async (signal) => {
  const child = startRunner()
  await until(child, 'ready')
  child.kill(signal)
  const done = until(child, 'done')
  const request = scriptedRequest(folder, `after-${signal}`)
  child.send({
    type: 'run',
    id: 'a',
    request,
    stagingPath: stagingPathOf(request.outPath, 'a')
  } satisfies RunnerRequest)
  expect(await done).toMatchObject({ id: 'a' })
})

it('refuses a second task and a message it does not know, and goes on', async () => {
  const child = startRunner()
  child.send(runRequest('first'))
  const failed = until(child, 'failed')
  child.send(runRequest('second'))
  expect(await failed).toMatchObject({ id: 'second' })
  const log = until(child, 'log')
  child.send({ type: 'dance' })
  expect(await log).toMatchObject({ level: 'error' })
  const stopped = until(child, 'failed')
  child.send({ type: 'cancel', id: 'first', keep: false } satisfies RunnerRequest)
  expect(await stopped).toMatchObject({ id: 'first', failure: { kind: 'cancelled' } })
})

it('says so when the runner can not be started at all', async () => {
  const broken = join(folder, 'broken.mjs')
  await writeFile(broken, 'process.exit(3)')
  const supervisor = new RunnerSupervisor({ spawnRunner: childProcessRunner(broken) })
  const request = scriptedRequest(folder, 'never')
  await expect(supervisor.run('x', request, stagingPathOf(request.outPath, 'x'))).rejects.toMatchObject({
    kind: 'job',
    code: 'runner-died',
    message: expect.stringContaining('ended with code 3') as string
  })
  await supervisor.close()
})
