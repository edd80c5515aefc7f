import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compiled } from './compile-cache.ts'
import type { CompileCache, CompiledGraph } from './compile-cache.ts'

let cache: CompileCache
beforeEach(async () => {
  cache = { folder: join(await mkdtemp(join(tmpdir(), 'compile-cache-')), 'graphs'), limitBytes: 10_000 }
})
afterEach(() => rm(join(cache.folder, '..'), { recursive: true, force: true }))

const graphOf = (byte: number, length = 500): CompiledGraph => ({
  model: new Uint8Array(length).fill(byte),
  largestTensorBytes: 1000 + byte
})

/** Builds and counts. */
function builder(graph: CompiledGraph): { build: () => Promise<CompiledGraph>; built: () => number } {
  let count = 0
  return {
    build: () => {
      count++
      return Promise.resolve(graph)
    },
    built: () => count
  }
}

const plain = ({ model, largestTensorBytes }: CompiledGraph): unknown => ({ model: [...model], largestTensorBytes })

describe('compile cache', () => {
  it('builds once and gives the same bytes back', async () => {
    const { build, built } = builder(graphOf(3))
    const first = await compiled(cache, 'a', build)
    const again = await compiled(cache, 'a', build)
    expect(plain(again)).toEqual(plain(first))
    expect(built()).toBe(1)
    expect(await readdir(cache.folder)).toEqual(['a.step'])
    await compiled(cache, 'b', build)
    expect(built()).toBe(2)
  })

  it.each([
    ['a flipped bit', (bytes: Buffer) => ((bytes[bytes.length - 7] ^= 1), bytes)],
    ['a flipped bit in the header', (bytes: Buffer) => ((bytes[50] ^= 1), bytes)],
    ['a lost end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['a beginning only', (bytes: Buffer) => bytes.subarray(0, 5)],
    ['nothing in it', () => Buffer.alloc(0)],
    ['something else in it', () => Buffer.from('<html>'.repeat(100))]
  ])('builds an entry with %s again', async (_what, damage) => {
    const { build, built } = builder(graphOf(5))
    await compiled(cache, 'a', build)
    const path = join(cache.folder, 'a.step')
    const whole = await readFile(path)
    await writeFile(path, damage(Buffer.from(whole)))
    expect(plain(await compiled(cache, 'a', build))).toEqual(plain(graphOf(5)))
    expect(built()).toBe(2)
    expect(await readFile(path)).toEqual(whole)
  })

  it('lets go of what was not used for longest', async () => {
    const old = (name: string, minutes: number): Promise<void> => {
      const time = new Date(Date.now() - minutes * 60_000)
      return utimes(join(cache.folder, `${name}.step`), time, time)
    }
    for (const name of ['a', 'b', 'c', 'd']) await compiled(cache, name, builder(graphOf(1, 2400)).build)
    await old('a', 30)
    await old('b', 20)
    await old('c', 10)
    // Used now: b is the oldest.
    await compiled(cache, 'a', builder(graphOf(1, 2400)).build)
    await compiled(cache, 'e', builder(graphOf(1, 2400)).build)
    expect((await readdir(cache.folder)).sort()).toEqual(['a.step', 'c.step', 'd.step', 'e.step'])
  })

  it('keeps no entry that would push most others out', async () => {
    await compiled(cache, 'a', builder(graphOf(1, 5000)).build)
    expect(await readdir(cache.folder).catch(() => [])).toEqual([])
  })

  it('sweeps up what a killed process left', async () => {
    await compiled(cache, 'a', builder(graphOf(1)).build)
    const left = join(cache.folder, 'b.step.0.writing')
    await writeFile(left, 'half')
    const yesterday = new Date(Date.now() - 24 * 3600_000)
    await utimes(left, yesterday, yesterday)
    await compiled(cache, 'c', builder(graphOf(1)).build)
    expect((await readdir(cache.folder)).sort()).toEqual(['a.step', 'c.step'])
  })

  it('only costs time where it can’t be written', async () => {
    const { build, built } = builder(graphOf(2))
    await writeFile(cache.folder, 'a file where the folder should be')
    const blocked = { ...cache, folder: join(cache.folder, 'graphs') }
    expect(plain(await compiled(blocked, 'a', build))).toEqual(plain(graphOf(2)))
    expect(plain(await compiled(blocked, 'a', build))).toEqual(plain(graphOf(2)))
    expect(built()).toBe(2)
  })

  it('passes a failure to build on', async () => {
    await expect(compiled(cache, 'a', () => Promise.reject(new Error('no rule')))).rejects.toThrow('no rule')
    expect(await readdir(cache.folder).catch(() => [])).toEqual([])
  })
})
