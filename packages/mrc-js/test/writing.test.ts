import { constants } from 'node:fs'
import { access, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bufferSource, createMrc, openMrc } from '../src/index.ts'
import type { CreateOptions, OutputFileSystem } from '../src/index.ts'
import { nodeFileSystem } from '../src/output-file.ts'
import { fixture, inFolder } from './fixture.ts'

const small: CreateOptions = { size: { x: 3, y: 2, z: 2 }, mode: 2, voxelSizeAngstrom: { x: 2, y: 3, z: 4 } }
const section = Float32Array.of(1, 2, 3, 4, 5, 6)

/** A disk that holds a number of bytes and then is full, as the system reports it. */
function smallDisk(capacity: number, failing: 'write' | 'sync' | 'rename' = 'write'): OutputFileSystem {
  const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  return {
    ...nodeFileSystem,
    async create(path) {
      const handle = await nodeFileSystem.create(path)
      return {
        ...handle,
        async write(bytes, position) {
          if (failing === 'write' && position + bytes.length > capacity) {
            await handle.write(bytes.subarray(0, Math.max(0, capacity - position)), position)
            throw full()
          }
          await handle.write(bytes, position)
        },
        async sync() {
          if (failing === 'sync') throw full()
          await handle.sync()
        }
      }
    },
    async rename(from, to) {
      if (failing === 'rename') throw full()
      await nodeFileSystem.rename(from, to)
    }
  }
}

async function write(path: string, options: CreateOptions, sections: Float32Array[]): Promise<void> {
  const writer = await createMrc(path, options)
  for (const one of sections) await writer.writeSection(one)
  await writer.finish()
}

describe('a written file appears complete or not at all', () => {
  it('stays under another name until it is finished, and replaces what was there only then', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'out.mrc')
      await writeFile(path, 'older')
      const writer = await createMrc(path, small)
      await writer.writeSection(section)
      expect(await readFile(path, 'utf8')).toBe('older')
      const partial = (await readdir(folder)).filter((name) => name !== 'out.mrc')
      expect(partial).toHaveLength(1)
      expect(partial[0]).toMatch(new RegExp(`^out\\.mrc\\.partial-${process.pid}-\\d+$`))
      await writer.writeSection(section)
      await writer.finish()
      expect(await readdir(folder)).toEqual(['out.mrc'])
      const file = await openMrc(path, { strict: true })
      expect(file.voxelSizeAngstrom).toEqual({ x: 2, y: 3, z: 4 })
      await file.close()
      await writer.abort()
      expect(await readdir(folder)).toEqual(['out.mrc'])
    })
  })

  it('leaves nothing after abort, and refuses what comes later', async () => {
    await inFolder(async (folder) => {
      const writer = await createMrc(join(folder, 'out.mrc'), small)
      await writer.writeSection(section)
      await writer.abort()
      expect(await readdir(folder)).toEqual([])
      await expect(writer.writeSection(section)).rejects.toMatchObject({ code: 'closed' })
      await expect(writer.finish()).rejects.toMatchObject({ code: 'closed' })
      await writer.abort()
    })
  })

  it.each([
    ['while the first section is written', 1024 + 10, 'write'],
    ['while the second section is written', 1024 + 30, 'write'],
    ['while it is synced', Infinity, 'sync'],
    ['while it is renamed', Infinity, 'rename']
  ] as const)('leaves nothing when the disk is full %s, and says so', async (_, capacity, failing) => {
    await inFolder(async (folder) => {
      for (const axisOrder of [
        [1, 2, 3],
        [3, 1, 2]
      ] as const) {
        const path = join(folder, 'out.mrc')
        const options = {
          ...small,
          axisOrder,
          fileSystem: smallDisk(capacity - (axisOrder[0] === 3 ? 1024 : 0), failing)
        }
        const error: unknown = await write(path, options, [section, section]).catch((reason: unknown) => reason)
        expect(error).toMatchObject({ code: 'disk-full' })
        expect(String(error)).toContain(path)
        expect(await readdir(folder)).toEqual([])
      }
    })
  })

  it("leaves nothing when the system's own full device refuses the bytes", async () => {
    const device = '/dev/full'
    const present = await access(device, constants.W_OK).then(
      () => true,
      () => false
    )
    // Linux has this device everywhere; another system has no equal, and the simulated disk above covers it.
    expect(present).toBe(process.platform === 'linux')
    if (!present) return
    await inFolder(async (folder) => {
      const full: OutputFileSystem = {
        ...nodeFileSystem,
        async create() {
          const handle = await open(device, 'w')
          return {
            write: async (bytes, position) => void (await handle.write(bytes, 0, bytes.length, position)),
            read: async () => 0,
            sync: () => handle.sync(),
            close: () => handle.close()
          }
        }
      }
      const path = join(folder, 'out.mrc')
      await expect(write(path, { ...small, fileSystem: full }, [section])).rejects.toMatchObject({ code: 'disk-full' })
      expect(await readdir(folder)).toEqual([])
    })
  })

  it('refuses wrong sections, wrong counts and impossible options', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'out.mrc')
      await expect(write(path, small, [section.subarray(1)])).rejects.toMatchObject({ code: 'section-size' })
      await expect(write(path, small, [section])).rejects.toMatchObject({ code: 'section-count' })
      await expect(write(path, small, [section, section, section])).rejects.toMatchObject({ code: 'section-count' })
      const options: Partial<CreateOptions>[] = [
        { size: { x: 0, y: 1, z: 1 } },
        { size: { x: 1.5, y: 1, z: 1 } },
        { voxelSizeAngstrom: { x: 0, y: 1, z: 1 } },
        { axisOrder: [1, 1, 3] },
        { start: { x: 0.5, y: 0, z: 0 } },
        { sectionsPerVolume: 3 }
      ]
      for (const change of options) {
        await expect(createMrc(path, { ...small, ...change })).rejects.toMatchObject({ code: 'bad-option' })
      }
      await expect(createMrc(folder, small)).rejects.toMatchObject({ code: 'is-directory' })
      await expect(createMrc(join(folder, 'no', 'out.mrc'), small)).rejects.toMatchObject({ code: 'write-failed' })
      expect(await readdir(folder)).toEqual([])
    })
  })
})

describe('what is written is what the statistics say', () => {
  it('rounds to nearest, ties to even, limits to the range and counts what was limited', async () => {
    const values = Float32Array.of(0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 300, -300, 1e20)
    const cases = [
      [0, [0, 2, 2, 0, -2, 2, 127, -128, 127], 3],
      [1, [0, 2, 2, 0, -2, 2, 300, -300, 32767], 1],
      [6, [0, 2, 2, 0, 0, 2, 300, 0, 65535], 3],
      [101, [0, 2, 2, 0, 0, 2, 15, 0, 15], 4],
      [12, [0.5, 1.5, 2.5, -0.5, -1.5, 2.5, 300, -300, 65504], 1]
    ] as const
    await inFolder(async (folder) => {
      for (const [mode, stored, clipped] of cases) {
        const path = join(folder, `${mode}.mrc`)
        const writer = await createMrc(path, { size: { x: 3, y: 3, z: 1 }, mode, voxelSizeAngstrom: null })
        await writer.writeSection(values)
        const statistics = await writer.finish()
        expect(statistics.clipped).toBe(clipped)
        const file = await openMrc(path, { strict: true })
        const got = await file.readSlice('xy', 0)
        expect(Array.from(got, (value) => value + 0)).toEqual(stored)
        expect(statistics.mean).toBeCloseTo(stored.reduce<number>((sum, value) => sum + value, 0) / 9, 10)
        expect(await file.statistics()).toMatchObject({ min: statistics.min, max: statistics.max })
        await file.close()
      }
    })
  })

  it('refuses NaN where the type has none, and marks statistics as unknown where nothing is finite', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'out.mrc')
      const options: CreateOptions = { size: { x: 2, y: 1, z: 1 }, mode: 1, voxelSizeAngstrom: null }
      const nothing = Float32Array.of(NaN, NaN)
      await expect(write(path, options, [nothing])).rejects.toMatchObject({ code: 'not-representable' })
      expect(await readdir(folder)).toEqual([])
      await write(path, { ...options, mode: 2 }, [nothing])
      const file = await openMrc(path)
      expect(file.header).toMatchObject({ dmin: 0, dmax: -1, dmean: -2, rms: -1 })
      await file.close()
    })
  })

  it('keeps ten labels of 80 characters, the last ones, and an extended header byte for byte', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'out.mrc')
      const labels = Array.from({ length: 12 }, (_, i) => `step ${i} ${'x'.repeat(100)}`)
      const extended = Uint8Array.from({ length: 160 }, (_, i) => i)
      await write(path, { ...small, labels, extendedHeader: { type: 'CCP4', bytes: extended } }, [section, section])
      const file = await openMrc(path, { strict: true })
      expect(file.labels).toEqual(labels.slice(2).map((label) => label.slice(0, 80)))
      expect(file.extendedHeader).toEqual({ type: 'CCP4', bytes: 160 })
      expect(await file.readExtendedHeader()).toEqual(extended)
      await file.close()
    })
  })

  it('copies a real tomogram to every order of axes without changing a voxel', async () => {
    await inFolder(async (folder) => {
      const source = await openMrc(fixture('visfd_blob_detect.rec'))
      const { x, y, z } = source.size
      const box = { x: [0, x], y: [0, y], z: [0, z] } satisfies Parameters<typeof source.readBox>[0]
      const voxels = await source.readBox(box)
      for (const axisOrder of [
        [2, 1, 3],
        [3, 2, 1],
        [2, 3, 1]
      ] as const) {
        const path = join(folder, 'turned.mrc')
        const { size, voxelSizeAngstrom, origin, start, labels } = source
        const writer = await createMrc(path, { size, voxelSizeAngstrom, origin, start, labels, mode: 0, axisOrder })
        for (let s = 0; s < z; s++) await writer.writeSection(await source.readSlice('xy', s))
        await writer.finish()
        expect(await readdir(folder)).toEqual(['turned.mrc'])
        const bytes = await readFile(path)
        expect([0, 4, 8].map((at) => bytes.readInt32LE(at))).toEqual(axisOrder.map((axis) => [x, y, z][axis - 1]))
        const copy = await openMrc(bufferSource(bytes))
        expect(copy.size).toEqual(source.size)
        expect(copy.origin).toEqual(source.origin)
        expect(copy.voxelSizeAngstrom?.y).toBeCloseTo(source.voxelSizeAngstrom?.y ?? 0, 4)
        expect(await copy.readBox(box)).toEqual(voxels)
      }
      await source.close()
    })
  })
})
