import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PathGrants } from './path-grants.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-grants-'))
  await mkdir(join(folder, 'runs'))
  await writeFile(join(folder, 'chosen.mrc'), '')
  await writeFile(join(folder, 'other.mrc'), '')
  await writeFile(join(folder, 'runs', 'mean.mrc'), '')
})

afterEach(() => rm(folder, { recursive: true }))

test('nothing is allowed until it is granted', () => {
  expect(new PathGrants().mayRead(join(folder, 'chosen.mrc'))).toBe(false)
})

test('a granted file is allowed in every spelling, its neighbours are not', () => {
  const grants = new PathGrants()
  grants.grant(join(folder, 'chosen.mrc'))
  expect(grants.mayRead(join(folder, 'runs', '..', 'chosen.mrc'))).toBe(true)
  expect(grants.mayRead(join(folder, 'other.mrc'))).toBe(false)
  expect(grants.mayRead(join(folder, 'chosen.mrc.bak'))).toBe(false)
})

test('a granted folder allows what is in it, and nothing that only begins with its name', async () => {
  const grants = new PathGrants()
  grants.grant(join(folder, 'runs'))
  await mkdir(join(folder, 'runs-of-someone-else'))
  await writeFile(join(folder, 'runs-of-someone-else', 'mean.mrc'), '')
  expect(grants.mayRead(join(folder, 'runs', 'mean.mrc'))).toBe(true)
  expect(grants.mayRead(join(folder, 'runs', '..', 'other.mrc'))).toBe(false)
  expect(grants.mayRead(join(folder, 'runs-of-someone-else', 'mean.mrc'))).toBe(false)
})

test('a link that leaves a granted folder is refused, a chosen link is followed', async () => {
  const grants = new PathGrants()
  await symlink(join(folder, 'other.mrc'), join(folder, 'runs', 'link.mrc'))
  grants.grant(join(folder, 'runs'))
  expect(grants.mayRead(join(folder, 'runs', 'link.mrc'))).toBe(false)
  grants.grant(join(folder, 'runs', 'link.mrc'))
  expect(grants.mayRead(join(folder, 'runs', 'link.mrc'))).toBe(true)
})
