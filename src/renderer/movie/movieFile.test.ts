import { expect, test } from 'vitest'
import { MemoryFile } from './movieFile.ts'

test('a file in memory is what a file on the disk would be, in any order of writes', async () => {
  const disk = new Uint8Array(4000)
  const memory = new MemoryFile(4000)
  let end = 0
  let state = 7
  const random = (below: number): number => (state = (state * 48271) % 2147483647) % below
  for (let i = 0; i < 200; i++) {
    const position = i % 3 === 0 ? end : random(Math.min(3900, end + 20))
    const bytes = Uint8Array.from({ length: random(40) }, () => random(256))
    if (position + bytes.length > 4000) continue
    disk.set(bytes, position)
    if (bytes.length > 0) end = Math.max(end, position + bytes.length)
    memory.write(bytes, i % 3 === 0 ? undefined : position)
  }
  expect(new Uint8Array(await memory.blob().arrayBuffer())).toEqual(disk.slice(0, end))
  memory.clear()
  expect(memory.blob().size).toBe(0)
})

test('it says when it grows too large', () => {
  const memory = new MemoryFile(10)
  memory.write(new Uint8Array(10))
  expect(() => memory.write(new Uint8Array(1))).toThrow(/beyond the/)
})
