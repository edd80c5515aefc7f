import fc from 'fast-check'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bufferSource, encodeHeader, openMrc } from '../src/index.ts'
import type { ByteSource, MrcFile } from '../src/index.ts'
import { fileBytes, numberBytes, plainHeader, range } from './build-mrc.ts'
import { fixture, inFolder } from './fixture.ts'

const axisOrders = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1]
] as const

/** Rows of 20 kB and sections of 400 kB: some neighbours are joined into one read, some are not. */
const wide = { nx: 10_000, ny: 20, nz: 7 }

function wideBytes(): Uint8Array<ArrayBuffer> {
  const { nx, ny, nz } = wide
  const data = new Int16Array(nx * ny * nz).map((_, i) => (i * 7919) % 65536)
  return fileBytes(plainHeader(nx, ny, nz, 1), new Uint8Array(data.buffer))
}

/** Watches what a source is asked for. */
function watched(bytes: Uint8Array<ArrayBuffer>): { source: ByteSource; reads: number[] } {
  const inner = bufferSource(bytes)
  const reads: number[] = []
  return {
    reads,
    source: {
      ...inner,
      async read(offset, length, signal) {
        reads.push(length)
        return inner.read(offset, length, signal)
      },
      async readInto(target, offset, signal) {
        reads.push(target.length)
        return inner.readInto ? inner.readInto(target, offset, signal) : 0
      }
    }
  }
}

describe('random access', () => {
  it('reads any strided box in any axis order as plain indexing does', async () => {
    const size = 6
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...axisOrders),
        fc.constantFrom(1, 2, 101),
        fc.array(fc.tuple(fc.nat(size - 1), fc.integer({ min: 1, max: size }), fc.integer({ min: 1, max: 4 })), {
          minLength: 3,
          maxLength: 3
        }),
        async (axisOrder, mode, picks) => {
          const [nx, ny, nz] = [6, 6, 6]
          const values = range(nx * ny * nz).map((i) => (i * 31) % 16)
          const data =
            mode === 101
              ? numberBytes(
                  range(values.length / 2).map((i) => values[2 * i] | (values[2 * i + 1] << 4)),
                  'Uint8'
                )
              : numberBytes(values, mode === 1 ? 'Int16' : 'Float32')
          const [mapc, mapr, maps] = axisOrder
          const file = await openMrc(
            bufferSource(fileBytes({ ...plainHeader(nx, ny, nz, mode), mapc, mapr, maps }, data))
          )
          const ranges = picks.map(([from, length]) => [from, Math.min(size, from + length)] as [number, number])
          const steps = picks.map(([, , step]) => step)
          const box = { x: ranges[0], y: ranges[1], z: ranges[2] }
          const got = await file.readBox(box, { stride: { x: steps[0], y: steps[1], z: steps[2] } })
          const expected: number[] = []
          for (let z = box.z[0]; z < box.z[1]; z += steps[2]) {
            for (let y = box.y[0]; y < box.y[1]; y += steps[1]) {
              for (let x = box.x[0]; x < box.x[1]; x += steps[0]) {
                const place = [x, y, z]
                const [c, r, s] = axisOrder.map((axis) => place[axis - 1])
                expected.push(values[(s * ny + r) * nx + c])
              }
            }
          }
          expect(Array.from(got)).toEqual(expected)
        }
      ),
      { numRuns: 300 }
    )
  })

  it('reads slices of a file whose rows are far apart, in chunks and without the rest of the file', async () => {
    const { nx, ny, nz } = wide
    const bytes = wideBytes()
    const { source, reads } = watched(bytes)
    const file = await openMrc(source)
    const at = (x: number, y: number, z: number): number => ((((z * ny + y) * nx + x) * 7919) << 16) >> 16
    reads.length = 0
    const xz = await file.readSlice('xz', 13)
    expect(reads).toEqual(Array.from({ length: nz }, () => nx * 2))
    reads.length = 0
    const yz = await file.readSlice('yz', 9_999)
    expect(Math.max(...reads)).toBeLessThanOrEqual(1024 * 1024)
    for (let z = 0; z < nz; z++) {
      for (const x of [0, 1, 5000, 9999]) expect(xz[z * nx + x]).toBe(at(x, 13, z))
      for (let y = 0; y < ny; y++) expect(yz[z * ny + y]).toBe(at(9_999, y, z))
    }
    reads.length = 0
    await file.readSlice('xy', 3)
    expect(reads.reduce((sum, length) => sum + length, 0)).toBe(nx * ny * 2)
  })

  it('needs the header alone to open', async () => {
    const { source, reads } = watched(wideBytes())
    await openMrc(source)
    expect(reads.reduce((sum, length) => sum + length, 0)).toBeLessThan(2048)
  })

  it('stops when it is cancelled, in every kind of read', async () => {
    const bytes = wideBytes()
    const cancelled = AbortSignal.abort(new Error('enough'))
    const file = await openMrc(bufferSource(bytes))
    await expect(file.readSlice('xy', 0, { signal: cancelled })).rejects.toThrow('enough')
    await expect(file.statistics({ signal: cancelled })).rejects.toThrow('enough')
    await expect(openMrc(bufferSource(bytes), { signal: cancelled })).rejects.toThrow('enough')
    for (const start of [
      (opened: MrcFile, signal: AbortSignal): Promise<unknown> => opened.readSlice('yz', 5, { signal }),
      (opened: MrcFile, signal: AbortSignal): Promise<unknown> => opened.statistics({ signal })
    ]) {
      const controller = new AbortController()
      const { source, reads } = watched(bytes)
      const slow: ByteSource = {
        ...source,
        async readInto(target, offset, signal) {
          if (reads.length === 2) controller.abort(new Error('enough'))
          return source.readInto ? source.readInto(target, offset, signal) : 0
        }
      }
      const opened = await openMrc(slow)
      reads.length = 0
      await expect(start(opened, controller.signal)).rejects.toThrow('enough')
      // At most what was already on its way.
      expect(reads.length).toBeLessThanOrEqual(6)
    }
  })

  it('refuses places outside the volume and says which are inside', async () => {
    const file = await openMrc(bufferSource(fileBytes(plainHeader(4, 3, 2, 1), new Uint8Array(48))))
    for (const index of [-1, 2, 0.5, Number.NaN]) {
      await expect(file.readSlice('xy', index)).rejects.toMatchObject({ code: 'out-of-range' })
    }
    const box = { x: [0, 4], y: [0, 3], z: [0, 2] } satisfies Parameters<MrcFile['readBox']>[0]
    await expect(file.readBox({ ...box, x: [0, 5] })).rejects.toMatchObject({ code: 'out-of-range' })
    await expect(file.readBox({ ...box, y: [2, 2] })).rejects.toMatchObject({ code: 'out-of-range' })
    await expect(file.readBox(box, { stride: { z: 0 } })).rejects.toMatchObject({ code: 'bad-option' })
  })

  it('gives stored numbers as a view of memory, and as a copy only where it must', async () => {
    const bytes = fileBytes(plainHeader(4, 3, 2, 1), numberBytes(range(24), 'Int16'))
    const file = await openMrc(bufferSource(bytes))
    const view = await file.readStored(1)
    expect(view).toBeInstanceOf(Int16Array)
    expect(view.buffer).toBe(bytes.buffer)
    expect(Array.from(view)).toEqual(range(12).map((i) => i + 12))
    const big = fileBytes(plainHeader(4, 3, 2, 1, 'big'), numberBytes(range(24), 'Int16', 'big'), { byteOrder: 'big' })
    const swapped = await (await openMrc(bufferSource(big))).readStored(1)
    expect(swapped.buffer).not.toBe(big.buffer)
    expect(Array.from(swapped)).toEqual(range(12).map((i) => i + 12))
    expect(Array.from(big.subarray(1024, 1028))).toEqual([0, 0, 0, 1])
  })
})

describe('files on disk', () => {
  it('reads beyond 4 GiB, in every plane, of a sparse file', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'large.mrc')
      const [nx, ny, nz] = [64, 8192, 2560]
      const handle = await open(path, 'w')
      await handle.write(encodeHeader(plainHeader(nx, ny, nz, 2), 'little'), 0, 1024, 0)
      const at = (x: number, y: number, z: number): number => 1024 + 4 * ((z * ny + y) * nx + x)
      await handle.truncate(at(0, 0, nz))
      await handle.write(numberBytes([42.5], 'Float32'), 0, 4, at(63, 8000, 2500))
      await handle.close()
      const file = await openMrc(path)
      expect((await stat(path)).size).toBeGreaterThan(2 ** 32)
      const xy = await file.readSlice('xy', 2500)
      const xz = await file.readSlice('xz', 8000)
      expect(xy[8000 * nx + 63]).toBe(42.5)
      expect(xz[2500 * nx + 63]).toBe(42.5)
      expect(xy.reduce((sum, value) => sum + value, 0)).toBe(42.5)
      expect(xz.reduce((sum, value) => sum + value, 0)).toBe(42.5)
      const column = await file.readBox({ x: [63, 64], y: [7990, 8010], z: [2490, 2510] })
      expect(column[10 * 20 + 10]).toBe(42.5)
      await file.close()
    })
  })

  it('finishes what is on its way before it closes, and refuses what comes after', async () => {
    const opened = await openMrc(fixture('EMD-3197.map'))
    const reads = [3, 5, 7].map((index) => opened.readSlice('xz', index))
    const closing = opened.close()
    const results = await Promise.allSettled(reads)
    await closing
    for (const result of results) {
      if (result.status === 'fulfilled') expect(result.value.length).toBe(400)
      else expect(result.reason).toMatchObject({ code: 'closed' })
    }
    await expect(opened.readSlice('xy', 0)).rejects.toMatchObject({ code: 'closed' })
    await opened.close()
  })
})

describe('statistics', () => {
  it('keep their digits on a large offset and leave out what is not finite', async () => {
    const values = range(40_000).map((i) =>
      i % 977 === 3 ? Number.NaN : i % 991 === 5 ? -Infinity : 1e6 + ((i * 7919) % 1000) / 64
    )
    const finite = values.filter(Number.isFinite).map(Math.fround)
    const mean = finite.reduce((sum, value) => sum + (value - 1e6), 0) / finite.length + 1e6
    const std = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length)
    for (const byteOrder of ['little', 'big'] as const) {
      const data = numberBytes(values, 'Float32', byteOrder)
      const file = await openMrc(bufferSource(fileBytes(plainHeader(200, 20, 10, 2, byteOrder), data, { byteOrder })))
      const got = await file.statistics()
      expect(got.finite).toBe(finite.length)
      expect(got.mean).toBeCloseTo(mean, 8)
      expect(got.std / std).toBeCloseTo(1, 10)
    }
    const none = await openMrc(bufferSource(fileBytes(plainHeader(2, 1, 1, 2), numberBytes([NaN, NaN], 'Float32'))))
    expect(await none.statistics()).toEqual({ min: NaN, max: NaN, mean: NaN, std: NaN, finite: 0 })
  })

  it('report progress up to 1', async () => {
    const file = await openMrc(bufferSource(wideBytes()))
    const seen: number[] = []
    await file.statistics({ onProgress: (fraction) => seen.push(fraction) })
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.at(-1)).toBe(1)
    expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  })
})
