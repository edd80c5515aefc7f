import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStateFile, writeStateFile } from './state-file.ts'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'state-file-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a state file', () => {
  const shared = Float32Array.of(1, NaN, -Infinity, -0)
  const value = {
    text: 'σ, “quoted”',
    numbers: [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0, Infinity, -Infinity, NaN],
    nested: {
      none: null,
      yes: true,
      absent: undefined,
      empty: [],
      arrays: [shared, new Float64Array(3).fill(Math.PI)]
    },
    again: shared,
    bytes: Uint8Array.of(1, 2, 3),
    view: Float64Array.of(1, 2, 3, 4).subarray(1, 3),
    whole: Int32Array.of(-1, 2)
  }

  it('gives back what was written, to the bit, and shared arrays shared', async () => {
    const path = join(folder, 'a')
    await writeStateFile(path, value)
    const read = (await readStateFile(path)) as typeof value
    expect(read).toEqual(value)
    expect(Object.is(read.numbers[4], -0)).toBe(true)
    expect(Object.keys(read.nested)).toContain('absent')
    expect(read.again).toBe(read.nested.arrays[0])
    expect(new Uint8Array(read.again.buffer)).toEqual(new Uint8Array(shared.buffer))
  })

  it('replaces the one before it and leaves nothing beside', async () => {
    const path = join(folder, 'b')
    await writeStateFile(path, { step: 1 })
    await writeStateFile(path, { step: 2 })
    expect(await readStateFile(path)).toEqual({ step: 2 })
    expect(await readdir(folder)).not.toContain('b.new')
  })

  it('refuses what is cut short, foreign or not there', async () => {
    const path = join(folder, 'c')
    await writeStateFile(path, value)
    const { length } = await readFile(path)
    for (const bytes of [length - 1, length - 20, 100, 20, 3, 0]) {
      await truncate(path, bytes)
      await expect(readStateFile(path)).rejects.toThrow(/not a state file/)
    }
    await writeFile(path, 'something else altogether')
    await expect(readStateFile(path)).rejects.toThrow(/not a state file/)
    await expect(readStateFile(join(folder, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('keeps the one before where it can not be written', async () => {
    const path = join(folder, 'd')
    await writeStateFile(path, { step: 1 })
    await rm(`${path}.new`, { force: true })
    const circular: Record<string, unknown> = {}
    circular.self = circular
    await expect(writeStateFile(path, circular)).rejects.toThrow()
    expect(await readStateFile(path)).toEqual({ step: 1 })
  })
})
