import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GrowingFiles } from './growing-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-growing-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('pieces in any order become one file, which is there only when it is whole', async () => {
  const path = join(folder, 'movie.mp4')
  await writeFile(path, 'before')
  const files = new GrowingFiles()
  const id = await files.begin(path)
  await files.write(id, 4, Uint8Array.of(5, 6))
  await files.write(id, 0, Uint8Array.of(1, 2, 3, 4))
  await files.write(id, 1, Uint8Array.of(9))
  expect(await readFile(path, 'utf8')).toBe('before')
  await files.finish(id)
  expect([...(await readFile(path))]).toEqual([1, 9, 3, 4, 5, 6])
  expect(await readdir(folder)).toEqual(['movie.mp4'])
  await expect(files.finish(id)).rejects.toThrow(/not being written/)
})

test('what is discarded, or left by a page that is gone, leaves nothing', async () => {
  const path = join(folder, 'movie.webm')
  const files = new GrowingFiles()
  const first = await files.begin(path)
  await files.begin(path)
  await files.write(first, 0, Uint8Array.of(1))
  await files.discard(first)
  expect(await readdir(folder)).toHaveLength(1)
  await files.discardAll()
  expect(await readdir(folder)).toEqual([])
  await files.discard(first)
  expect(() => files.write(first, 0, Uint8Array.of(1))).toThrow(/not being written/)
})

test('a place that can’t be written to is refused at once', async () => {
  await expect(new GrowingFiles().begin(join(folder, 'none', 'movie.gif'))).rejects.toThrow(/ENOENT/)
})
