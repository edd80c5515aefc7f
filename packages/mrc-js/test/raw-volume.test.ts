import { describe, expect, it } from 'vitest'
import { bufferSource, openRawVolume } from '../src/index.ts'
import { range } from './build-mrc.ts'

describe('raw volumes', () => {
  it.each([true, false])('read int32 and float64 in either byte order (little-endian: %s)', async (little) => {
    const values = range(24).map((i) => i * 1000 - 9000)
    for (const dtype of ['int32', 'uint32', 'float64'] as const) {
      const numbers = dtype === 'uint32' ? values.map((value) => value + 3_000_000_000) : values
      const step = dtype === 'float64' ? 8 : 4
      const view = new DataView(new ArrayBuffer(10 + 24 * step))
      numbers.forEach((value, i) => {
        if (dtype === 'int32') view.setInt32(10 + 4 * i, value, little)
        else if (dtype === 'uint32') view.setUint32(10 + 4 * i, value, little)
        else view.setFloat64(10 + 8 * i, value, little)
      })
      const volume = openRawVolume(bufferSource(new Uint8Array(view.buffer)), {
        columns: 4,
        rows: 3,
        sections: 2,
        dtype,
        byteOrder: little ? 'little' : 'big',
        dataOffset: 10
      })
      expect(volume.size).toEqual({ x: 4, y: 3, z: 2 })
      const stored = numbers.map(Math.fround)
      expect(Array.from(await volume.readSlice('xy', 1))).toEqual(stored.slice(12))
      expect(Array.from(await volume.readSlice('yz', 2))).toEqual([2, 6, 10, 14, 18, 22].map((i) => stored[i]))
      expect(await volume.statistics()).toMatchObject({ finite: 24, min: stored[0], max: stored[23] })
    }
  })

  it('refuse what can not be', () => {
    const layout = { columns: 4, rows: 3, sections: 2, dtype: 'int16', byteOrder: 'little', dataOffset: 0 } as const
    const source = bufferSource(new Uint8Array(48))
    expect(() => openRawVolume(source, { ...layout, dataOffset: 1 })).toThrow(/cut off/)
    expect(() => openRawVolume(source, { ...layout, rows: 0 })).toThrow(/can't hold/)
    expect(() => openRawVolume(source, { ...layout, columns: 2 ** 40, rows: 2 ** 40 })).toThrow(/can't hold/)
  })
})
