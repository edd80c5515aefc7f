import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildIsStale, dependenciesAreStale } from './project-build.mjs'

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'wedgeview-build-'))
})

afterEach(() => rm(root, { recursive: true }))

async function write(path: string, hour: number): Promise<void> {
  const file = join(root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '')
  await utimes(file, new Date(2026, 0, 1, hour), new Date(2026, 0, 1, hour))
}

/** Writing a file changes its folder's time; the tests are about files. */
async function settleFolders(...folders: string[]): Promise<void> {
  for (const folder of folders) await utimes(join(root, folder), new Date(2026, 0, 1, 0), new Date(2026, 0, 1, 0))
}

async function writeBuild(hour: number): Promise<void> {
  const built = ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html']
  for (const file of built) await write(file, hour)
}

test('dependencies are stale without node_modules and after a change of the lock file', async () => {
  await write('package-lock.json', 1)
  expect(dependenciesAreStale(root)).toBe(true)
  await write('node_modules/.package-lock.json', 2)
  expect(dependenciesAreStale(root)).toBe(false)
  await write('package-lock.json', 3)
  expect(dependenciesAreStale(root)).toBe(true)
})

test('the build is stale when a part is missing or a source anywhere is newer', async () => {
  await write('src/engine/wedge/mask.ts', 1)
  await write('package.json', 1)
  await settleFolders('src', 'src/engine', 'src/engine/wedge')
  expect(buildIsStale(root)).toBe(true)
  await writeBuild(2)
  expect(buildIsStale(root)).toBe(false)
  await rm(join(root, 'out/preload/index.cjs'))
  expect(buildIsStale(root)).toBe(true)
  await writeBuild(2)
  await write('src/engine/wedge/mask.ts', 3)
  expect(buildIsStale(root)).toBe(true)
})

test('removing a source makes the build stale, installed packages and tests of packages do not', async () => {
  await write('src/a.ts', 1)
  await write('src/b.ts', 1)
  await write('packages/mrc-js/node_modules/x.js', 9)
  await write('packages/mrc-js/test/x.test.ts', 9)
  await settleFolders('src', 'packages', 'packages/mrc-js')
  await writeBuild(2)
  expect(buildIsStale(root)).toBe(false)
  await rm(join(root, 'src/b.ts'))
  expect(buildIsStale(root)).toBe(true)
})
