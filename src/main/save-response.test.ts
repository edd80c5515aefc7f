import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { saveResponseBody } from './save-response.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-save-'))
})

afterEach(() => rm(folder, { recursive: true }))

/** A body made of what the generator yields; an error in it breaks the body off. */
function streamOf(chunks: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const next = chunks.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value)
    }
  })
}

test('a body of many chunks arrives whole and replaces what was there', async () => {
  const chunks = Array.from({ length: 50 }, (_, index) => new Uint8Array(70_000).fill(index))
  const path = join(folder, 'mean.mrc')
  await writeFile(path, 'before')
  await saveResponseBody(new Response(streamOf(chunks.values())), path)
  expect(Buffer.compare(await readFile(path), Buffer.concat(chunks))).toBe(0)
  expect(await readdir(folder)).toEqual(['mean.mrc'])
})

test('a body that breaks off leaves the old file and nothing beside it', async () => {
  const path = join(folder, 'mean.mrc')
  await writeFile(path, 'before')
  const broken = streamOf(
    (function* () {
      yield new Uint8Array(10)
      throw new Error('the disk was unplugged')
    })()
  )
  await expect(saveResponseBody(new Response(broken), path)).rejects.toThrow('unplugged')
  expect(await readFile(path, 'utf8')).toBe('before')
  expect(await readdir(folder)).toEqual(['mean.mrc'])
})

test('a folder that does not exist is an error', async () => {
  await expect(saveResponseBody(new Response('x'), join(folder, 'none', 'a.png'))).rejects.toThrow('ENOENT')
})
