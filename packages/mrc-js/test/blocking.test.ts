import fc from 'fast-check'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bufferSource, createMrc, openFileSource, openMrc, openRawVolume, voxelsAt } from '../src/index.ts'
import type { AxisOrder, ByteSource, Plane, VoxelDtype } from '../src/index.ts'
import { fileBytes, numberBytes, plainHeader, range } from './build-mrc.ts'
import { inFolder } from './fixture.ts'

const planes: readonly Plane[] = ['xy', 'xz', 'yz']
const axisOrders: AxisOrder[] = [
  [1, 2, 3],
  [2, 1, 3],
  [3, 2, 1],
  [1, 3, 2]
]
const dtypes: VoxelDtype[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'float16',
  'float32',
  'uint4',
  'complex-int16',
  'rgb8'
]

/** A source whose memory is read at once, each read after so many milliseconds of waiting. */
function memoryHere(bytes: Uint8Array, waitMilliseconds = 0): { source: ByteSource; here: number[]; pooled: number[] } {
  const inner = bufferSource(bytes)
  const here: number[] = []
  const pooled: number[] = []
  const source: ByteSource = {
    ...inner,
    readSync(target, start, length, offset) {
      here.push(length)
      for (const from = performance.now(); performance.now() - from < waitMilliseconds;);
      const part = bytes.subarray(offset, offset + length)
      target.set(part, start)
      return part.length
    },
    async readInto(target, offset) {
      pooled.push(target.length)
      // As with a disk, others have their turn meanwhile.
      await new Promise((resolve) => setImmediate(resolve))
      const part = bytes.subarray(offset, offset + target.length)
      target.set(part)
      return part.length
    }
  }
  return { source, here, pooled }
}

describe('reading in the calling thread', () => {
  it('gives the same voxels as the thread pool for every type, byte order, axis order, plane and stride', async () => {
    const layout = fc.record({
      columns: fc.integer({ min: 1, max: 9 }),
      rows: fc.integer({ min: 1, max: 9 }),
      sections: fc.integer({ min: 1, max: 9 }),
      dtype: fc.constantFrom(...dtypes),
      byteOrder: fc.constantFrom('little' as const, 'big' as const),
      axisOrder: fc.constantFrom(...axisOrders)
    })
    const stride = fc.record({ x: fc.integer({ min: 1, max: 3 }), y: fc.integer({ min: 1, max: 3 }) })
    await fc.assert(
      fc.asyncProperty(
        layout,
        stride,
        fc.uint8Array({ minLength: 3000, maxLength: 3000 }),
        async (raw, step, bytes) => {
          const here = openRawVolume(memoryHere(bytes).source, { ...raw, dataOffset: 12 })
          const pooled = openRawVolume(bufferSource(bytes), { ...raw, dataOffset: 12 })
          for (const plane of planes) {
            expect(await here.readSlice(plane, 0, { stride: step })).toEqual(
              await pooled.readSlice(plane, 0, { stride: step })
            )
          }
        }
      ),
      { numRuns: 150 }
    )
  })

  it('puts rows that lie far apart side by side, in both byte orders, converted or not', async () => {
    const [nx, ny, nz] = [10_000, 4, 37]
    const value = (x: number, y: number, z: number): number => ((x * 31 + y * 17 + z * 7) % 4000) - 2000
    const values = Float32Array.from({ length: nx * ny * nz }, (_, i) =>
      value(i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny)))
    )
    for (const byteOrder of ['little', 'big'] as const) {
      for (const [mode, kind, length] of [
        [1, 'Int16', 2],
        [2, 'Float32', 4]
      ] as const) {
        const data = numberBytes(Array.from(values), kind, byteOrder)
        const { source, here, pooled } = memoryHere(
          fileBytes(plainHeader(nx, ny, nz, mode, byteOrder), data, { byteOrder })
        )
        const file = await openMrc(source)
        const slice = await file.readSlice('xz', 2)
        for (let z = 0; z < nz; z++) for (const x of [0, 1, 9_999]) expect(slice[z * nx + x]).toBe(value(x, 2, z))
        expect([...here, ...pooled]).toEqual(range(nz).map(() => nx * length))
      }
    }
  })

  it('leaves to the thread pool what has to be waited for', async () => {
    const [nx, ny, nz] = [20_000, 2, 200]
    const data = new Uint8Array(nx * ny * nz).map((_, i) => i % 101)
    const { source, here, pooled } = memoryHere(fileBytes(plainHeader(nx, ny, nz, 0), data), 0.4)
    const file = await openMrc(source)
    const slice = await file.readSlice('xz', 1)
    expect(here.length).toBeGreaterThan(0)
    expect(here.length + pooled.length).toBe(nz)
    expect(pooled.length).toBeGreaterThan(nz / 2)
    for (let z = 0; z < nz; z++) expect(slice[z * nx + 5]).toBe(((z * ny + 1) * nx + 5) % 101)
  })

  it('hears that it is cancelled', async () => {
    const [nx, ny, nz] = [4_000, 200, 100]
    const { source, here } = memoryHere(fileBytes(plainHeader(nx, ny, nz, 0), new Uint8Array(nx * ny * nz)), 0.2)
    const file = await openMrc(source)
    const controller = new AbortController()
    const reading = file.readSlice('yz', 7, { signal: controller.signal })
    setImmediate(() => controller.abort(new Error('enough')))
    await expect(reading).rejects.toThrow('enough')
    expect(here.length * 512 * 1024).toBeLessThan(nx * ny * nz)
  })

  it('reads a file on disk, in this thread or where another has it open, into an array that is given', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'small.mrc')
      const size = { x: 7, y: 5, z: 3 }
      const writer = await createMrc(path, { size, mode: 1, voxelSizeAngstrom: null })
      for (let z = 0; z < 3; z++) await writer.writeSection(Float32Array.from(range(35), (i) => z * 100 + i))
      await writer.finish()
      const file = await openMrc(path, { blocking: true })
      const into = new Float32Array(35)
      expect(await file.readSlice('xy', 2, { into })).toBe(into)
      expect(Array.from(into)).toEqual(range(35).map((i) => 200 + i))
      await expect(file.readSlice('xz', 2, { into })).rejects.toMatchObject({ code: 'bad-option' })
      expect(await file.statistics()).toMatchObject({ min: 0, max: 234, finite: 105 })
      const pooled = await openMrc(path)
      const { location } = pooled
      if (!location) throw new Error('a plain file has a place')
      const elsewhere = voxelsAt(structuredClone(location))
      expect(await elsewhere.readSlice('yz', 6)).toEqual(await pooled.readSlice('yz', 6))
      await pooled.close()
      await file.close()
      await expect(file.readSlice('xy', 0)).rejects.toMatchObject({ code: 'closed' })
      expect((await openMrc(bufferSource(fileBytes(plainHeader(1, 1, 1, 0), new Uint8Array(1))))).location).toBeNull()
    })
  })

  it('refuses what it can not open in the same words', async () => {
    await inFolder(async (folder) => {
      const blocking = { blocking: true }
      await expect(openFileSource(folder, blocking)).rejects.toMatchObject({ code: 'is-directory' })
      await expect(openFileSource(join(folder, 'none'), blocking)).rejects.toMatchObject({ code: 'not-found' })
      const path = join(folder, 'short.mrc')
      await writeFile(path, fileBytes(plainHeader(40, 40, 4, 1), new Uint8Array(40 * 40 * 2 * 2)))
      await expect(openMrc(path, blocking)).rejects.toMatchObject({ code: 'truncated' })
      const file = await openMrc(path, { ...blocking, truncated: 'read' })
      expect(Array.from(await file.readSlice('xy', 3)).every(Number.isNaN)).toBe(true)
      expect((await file.readSlice('xz', 3)).subarray(0, 80).every((value) => value === 0)).toBe(true)
      await file.close()
    })
  })
})
