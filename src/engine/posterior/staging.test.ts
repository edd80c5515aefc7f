import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { settleStaging, stagingPathOf } from './staging.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staging-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The name that a process which has ended gave its staging folder. */
function ofDeadProcess(name: string): string {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  return stagingPathOf(join(folder, name), 'job').replace(`-${process.pid}-`, `-${pid}-`)
}

async function stage(path: string, files: readonly string[]): Promise<void> {
  await mkdir(path)
  for (const file of files) await writeFile(join(path, file), '')
}

it('removes what a dead process left half-written', async () => {
  await stage(ofDeadProcess('a'), ['mean.mrc'])
  await settleStaging(folder)
  expect(await readdir(folder)).toEqual([])
})

it('lets a complete run take the place it was about to take', async () => {
  const path = ofDeadProcess('b')
  await stage(path, ['mean.mrc', 'run.json'])
  // Killed between putting the state aside and taking its place.
  await mkdir(join(folder, 'b'))
  await stage(`${path}.state`, ['job.json'])
  await settleStaging(folder)
  expect(await readdir(folder)).toEqual(['b'])
  expect((await readdir(join(folder, 'b'))).sort()).toEqual(['mean.mrc', 'run.json'])
})

it('replaces nothing by it', async () => {
  await stage(ofDeadProcess('c'), ['run.json'])
  await stage(join(folder, 'c'), ['something else'])
  await settleStaging(folder)
  expect(await readdir(folder)).toEqual(['c'])
  expect(await readdir(join(folder, 'c'))).toEqual(['something else'])
})

it('leaves alone what is being written, here or on another host, and what is not ours', async () => {
  const own = stagingPathOf(join(folder, 'd'), 'job')
  const foreign = ofDeadProcess('d').replace(/partial-[0-9a-f]{8}/, 'partial-00000000')
  for (const path of [own, foreign, join(folder, 'notes.partial-1')]) await stage(path, ['x'])
  await settleStaging(folder)
  expect((await readdir(folder)).sort()).toEqual([basename(own), basename(foreign), 'notes.partial-1'].sort())
  await settleStaging(join(folder, 'absent'))
})
