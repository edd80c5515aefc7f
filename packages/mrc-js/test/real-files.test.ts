import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openMrc } from '../src/index.ts'
import { fixture } from './fixture.ts'

describe('real files', () => {
  it('reads the subtomogram average EMD-3197 as its own header and a plain decoding say', async () => {
    const file = await openMrc(fixture('EMD-3197.map'))
    expect(file.size).toEqual({ x: 20, y: 20, z: 20 })
    expect(file.dtype).toBe('float32')
    expect(file.start).toEqual({ x: -2, y: 0, z: 0 })
    expect(file.voxelSizeAngstrom?.x).toBeCloseTo(11.4, 5)
    const statistics = await file.statistics()
    expect(statistics.min).toBe(file.header.dmin)
    expect(statistics.max).toBe(file.header.dmax)
    expect(statistics.mean).toBeCloseTo(file.header.dmean, 5)
    expect(statistics.std).toBeCloseTo(file.header.rms, 5)
    const bytes = await readFile(fixture('EMD-3197.map'))
    const at = (x: number, y: number, z: number): number => bytes.readFloatLE(1024 + 4 * ((z * 20 + y) * 20 + x))
    const xz = await file.readSlice('xz', 7)
    const yz = await file.readSlice('yz', 3)
    for (let z = 0; z < 20; z++) {
      for (let i = 0; i < 20; i++) {
        expect(xz[z * 20 + i]).toBe(at(i, 7, z))
        expect(yz[z * 20 + i]).toBe(at(3, i, z))
      }
    }
    await file.close()
  })

  it('takes signed bytes from the IMOD flag of a real mode 0 tomogram', async () => {
    const file = await openMrc(fixture('visfd_blob_detect.rec'))
    expect(file.dtype).toBe('int8')
    expect(file.size).toEqual({ x: 22, y: 32, z: 27 })
    const statistics = await file.statistics()
    expect(statistics.min).toBe(file.header.dmin)
    expect(statistics.max).toBe(file.header.dmax)
    expect(statistics.mean).toBeCloseTo(file.header.dmean, 3)
    expect(file.voxelSizeAngstrom?.x).toBeCloseTo(19.3154, 3)
    await file.close()
  })

  it('reads a mode 1 crop, and a volume that is one line', async () => {
    const membrane = await openMrc(fixture('visfd_image_membrane.rec'))
    expect(membrane.dtype).toBe('int16')
    expect(await membrane.statistics()).toMatchObject({ finite: 4096 })
    await membrane.close()
    const line = await openMrc(fixture('visfd_1d_example.rec'))
    expect(line.size).toEqual({ x: 161, y: 1, z: 1 })
    expect((await line.readSlice('xz', 0)).length).toBe(161)
    expect((await line.readSlice('yz', 160)).length).toBe(1)
    await line.close()
  })
})
