import { describe, expect, it } from 'vitest'
import { bufferSource, openMrc } from '../src/index.ts'
import type { ByteOrder, MrcComponent, MrcFile } from '../src/index.ts'
import { floatToHalf, halfToFloatTable } from '../src/half-float.ts'
import { fileBytes, numberBytes, plainHeader, range } from './build-mrc.ts'

const orders: ByteOrder[] = ['little', 'big']

function open(mode: number, data: Uint8Array, byteOrder: ByteOrder, size: [number, number, number]): Promise<MrcFile> {
  return openMrc(bufferSource(fileBytes(plainHeader(...size, mode, byteOrder), data, { byteOrder })), { strict: true })
}

const all = async (file: MrcFile, component?: MrcComponent): Promise<number[]> =>
  Array.from(
    await file.readBox({ x: [0, file.size.x], y: [0, file.size.y], z: [0, file.size.z] }, component && { component })
  )

describe('modes', () => {
  it.each(orders)(
    'reads complex numbers as amplitude, phase, real or imaginary part (%s-endian)',
    async (byteOrder) => {
      const values = [3, 4, -5, 12, 0, -7, 8, 0, 1, 1, -6, -8]
      const pairs = range(6).map((i) => [values[2 * i], values[2 * i + 1]])
      for (const [mode, kind] of [
        [3, 'Int16'],
        [4, 'Float32']
      ] as const) {
        const file = await open(mode, numberBytes(values, kind, byteOrder), byteOrder, [3, 2, 1])
        expect(await all(file)).toEqual(pairs.map(([re, im]) => Math.fround(Math.hypot(re, im))))
        expect(await all(file, 'phase')).toEqual(pairs.map(([re, im]) => Math.fround(Math.atan2(im, re))))
        expect(await all(file, 'real')).toEqual(pairs.map(([re]) => re))
        expect(await all(file, 'imaginary')).toEqual(pairs.map(([, im]) => im))
        expect((await file.statistics({ component: 'real' })).max).toBe(8)
        expect(Array.from(await file.readStored(0))).toEqual(values)
        await expect(all(file, 'red')).rejects.toMatchObject({ code: 'bad-option' })
      }
    }
  )

  it('reads colours as luminance or one channel', async () => {
    const values = range(3 * 5 * 2).map((i) => (i * 37) % 256)
    const file = await open(16, numberBytes(values, 'Uint8'), 'little', [5, 2, 1])
    expect(file.dtype).toBe('rgb8')
    for (const [channel, name] of (['red', 'green', 'blue'] as const).entries()) {
      expect(await all(file, name)).toEqual(range(10).map((i) => values[3 * i + channel]))
    }
    const luminance = await all(file)
    luminance.forEach((value, i) => {
      expect(value).toBeCloseTo(0.299 * values[3 * i] + 0.587 * values[3 * i + 1] + 0.114 * values[3 * i + 2], 4)
    })
  })

  it.each([
    [5, 3],
    [6, 2],
    [1, 4]
  ])('reads rows of %d 4-bit voxels, padded to whole bytes, from any column on', async (nx, ny) => {
    const rowBytes = Math.ceil(nx / 2)
    const bytes = range(rowBytes * ny * 2).map((i) => (i * 89 + 23) % 256)
    const file = await open(101, numberBytes(bytes, 'Uint8'), 'little', [nx, ny, 2])
    const at = (x: number, y: number, z: number): number =>
      (bytes[(z * ny + y) * rowBytes + (x >> 1)] >> (x % 2 === 0 ? 0 : 4)) & 15
    for (let x0 = 0; x0 < nx; x0++) {
      const box = await file.readBox({ x: [x0, nx], y: [1, ny], z: [0, 2] })
      const expected = range(2).flatMap((z) =>
        range(ny - 1).flatMap((y) => range(nx - x0).map((x) => at(x0 + x, 1 + y, z)))
      )
      expect(Array.from(box)).toEqual(expected)
      expect(Array.from(await file.readSlice('yz', x0))).toEqual(
        range(2).flatMap((z) => range(ny).map((y) => at(x0, y, z)))
      )
    }
    const voxels = await all(file)
    const statistics = await file.statistics()
    expect(statistics.finite).toBe(voxels.length)
    expect(statistics.mean).toBeCloseTo(voxels.reduce((sum, value) => sum + value, 0) / voxels.length, 10)
  })

  it.each(orders)('reads unsigned 16-bit numbers above 32767 (%s-endian)', async (byteOrder) => {
    const values = [0, 65535, 32768, 1, 40000, 7]
    const file = await open(6, numberBytes(values, 'Uint16', byteOrder), byteOrder, [3, 2, 1])
    expect(await all(file)).toEqual(values)
    expect(Array.from(await file.readStored(0))).toEqual(values)
  })
})

describe('half floats', () => {
  it('decodes the values of the standard', () => {
    const table = halfToFloatTable()
    const known: [number, number][] = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x0400, 2 ** -14],
      [0x0001, 2 ** -24],
      [0x3555, 0.333251953125],
      [0x7c00, Infinity],
      [0xfc00, -Infinity]
    ]
    for (const [bits, value] of known) expect(table[bits]).toBe(value)
    expect(Object.is(table[0x8000], -0)).toBe(true)
    expect(table[0x7e00]).toBeNaN()
  })

  it('encodes every half exactly and rounds what lies between to the nearest, ties to even', () => {
    const table = halfToFloatTable()
    const out = new Uint16Array(65536)
    floatToHalf(table, out)
    for (let bits = 0; bits < 65536; bits++) {
      if (Number.isNaN(table[bits])) expect(table[out[bits]]).toBeNaN()
      else if (out[bits] !== bits) throw new Error(`half ${bits} became ${out[bits]}`)
    }
    // Between neighbours: just below, at, and just above the middle.
    for (let bits = 0; bits < 0x7bff; bits += 7) {
      const low = table[bits]
      const middle = (low + table[bits + 1]) / 2
      const step = Math.max(middle * 2 ** -20, 2 ** -40)
      const encoded = new Uint16Array(3)
      floatToHalf(Float32Array.of(middle - step, middle, middle + step), encoded)
      expect(Array.from(encoded)).toEqual([bits, bits % 2 === 0 ? bits : bits + 1, bits + 1])
    }
    const edge = new Uint16Array(4)
    floatToHalf(Float32Array.of(65519.9, 65520, -1e30, 2 ** -26), edge)
    expect(Array.from(edge)).toEqual([0x7bff, 0x7c00, 0xfc00, 0])
  })

  it.each(orders)('reads and scans half-float files with infinities and NaN (%s-endian)', async (byteOrder) => {
    const bits = [0x3c00, 0x7c00, 0xc000, 0x7e00, 0x3555, 0x0000]
    const file = await open(12, numberBytes(bits, 'Uint16', byteOrder), byteOrder, [3, 2, 1])
    expect(await all(file)).toEqual([1, Infinity, -2, Number.NaN, 0.333251953125, 0])
    expect(await file.statistics()).toMatchObject({ finite: 4, min: -2, max: 1 })
  })
})
