import { describe, expect, it } from 'vitest'
import { bufferSource, openMrc } from '../src/index.ts'
import type { ByteOrder, MrcFile, MrcHeader } from '../src/index.ts'
import { fileBytes, plainHeader } from './build-mrc.ts'

const sections = 3
const orders: ByteOrder[] = ['little', 'big']

/** Opens a file of three sections with an extended header; `counts` are the two numbers at byte 128. */
function open(
  exttyp: string,
  extended: Uint8Array,
  byteOrder: ByteOrder,
  counts: [number, number] = [0, 0]
): Promise<MrcFile> {
  const extra = new Uint8Array(100)
  const view = new DataView(extra.buffer)
  view.setInt16(32, counts[0], byteOrder === 'little')
  view.setInt16(34, counts[1], byteOrder === 'little')
  const header: MrcHeader = { ...plainHeader(4, 3, sections, 1, byteOrder), exttyp, nsymbt: extended.length, extra }
  return openMrc(bufferSource(fileBytes(header, new Uint8Array(4 * 3 * sections * 2), { byteOrder, extended })))
}

describe.each(orders)('extended headers (%s-endian)', (byteOrder) => {
  const little = byteOrder === 'little'

  it.each([
    ['FEI1', 768],
    ['FEI2', 888]
  ])('reads %s records, each field only where its bit says it is valid', async (type, recordBytes) => {
    const extended = new Uint8Array(recordBytes * sections)
    const view = new DataView(extended.buffer)
    for (let s = 0; s < sections; s++) {
      const at = s * recordBytes
      view.setInt32(at, recordBytes, little)
      view.setInt32(at + 4, type === 'FEI1' ? 0 : 2, little)
      // Alpha tilt, tilt axis, pixel size x and y, high tension, stage, dose, defocus; not beta tilt. Little-endian in every file.
      const bits = [5, 6, 7, 9, 10, 11, 12, 14, 15, 22]
      view.setUint32(
        at + 8,
        bits.reduce((mask, bit) => mask | (1 << bit), 0),
        true
      )
      view.setFloat64(at + 84, 300000, little)
      view.setFloat64(at + 92, 1.5e20, little)
      view.setFloat64(at + 100, -60 + 3 * s, little)
      view.setFloat64(at + 108, 99, little)
      for (const [i, value] of [1e-6, -2e-6, 3e-6].entries()) view.setFloat64(at + 116 + 8 * i, value, little)
      view.setFloat64(at + 140, 84.5, little)
      view.setFloat64(at + 156, 2.6e-10, little)
      view.setFloat64(at + 164, 2.7e-10, little)
      view.setFloat64(at + 220, -3e-6, little)
    }
    const file = await open(type, extended, byteOrder)
    expect(file.extendedHeader).toEqual({ type, bytes: extended.length })
    const got = await file.readSectionMetadata()
    expect(got.length).toBe(sections)
    expect(got.map((entry) => entry.tiltAngleDegrees)).toEqual([-60, -57, -54])
    expect(got[1].secondTiltAngleDegrees).toBeUndefined()
    expect(got[1].tiltAxisAngleDegrees).toBe(84.5)
    expect(got[1].pixelSizeAngstrom?.x).toBeCloseTo(2.6, 10)
    expect(got[1].pixelSizeAngstrom?.y).toBeCloseTo(2.7, 10)
    expect(got[1].stageMicrometre?.z).toBeCloseTo(3, 10)
    expect(got[1].doseElectronsPerSquareAngstrom).toBeCloseTo(1.5, 10)
    expect(got[1].defocusMicrometre).toBeCloseTo(-3, 10)
    expect(got[1].accelerationVolts).toBe(300000)
  })

  it('reads SerialEM records, named or not', async () => {
    // Tilt angle, piece, stage, magnification, intensity, dose: bits 0 to 5.
    const recordBytes = 2 + 6 + 4 + 2 + 2 + 4
    const extended = new Uint8Array(recordBytes * sections)
    const view = new DataView(extended.buffer)
    for (let s = 0; s < sections; s++) {
      const at = s * recordBytes
      view.setInt16(at, -6000 + 200 * s, little)
      view.setUint16(at + 2, 40000, little)
      view.setUint16(at + 4, 7, little)
      view.setInt16(at + 6, s, little)
      view.setInt16(at + 8, -250, little)
      view.setInt16(at + 10, 125, little)
      view.setInt16(at + 12, 530, little)
      view.setInt16(at + 14, 12500, little)
      // 300 * 2^-2: mantissa 1 * 256 + 44, exponent -2 with the low byte of the mantissa.
      view.setInt16(at + 16, 1, little)
      view.setInt16(at + 18, -(2 * 256 + 44), little)
    }
    for (const name of ['SERI', '']) {
      const file = await open(name, extended, byteOrder, [recordBytes, 0b111111])
      expect(file.extendedHeader.type).toBe('SERI')
      const got = await file.readSectionMetadata()
      expect(got.map((entry) => entry.tiltAngleDegrees)).toEqual([-60, -58, -56])
      expect(got[2]).toEqual({
        tiltAngleDegrees: -56,
        piece: { x: 40000, y: 7, z: 2 },
        stageMicrometre: { x: -10, y: 5 },
        magnification: 53000,
        intensity: 0.5,
        doseElectronsPerSquareAngstrom: 75
      })
    }
  })

  it('reads the records of Agard and Koster', async () => {
    const extended = new Uint8Array(128 * 1024)
    const view = new DataView(extended.buffer)
    for (let s = 0; s < sections; s++) {
      view.setFloat32(s * 128, -45 + s, little)
      view.setFloat32(s * 128 + 40, 85, little)
      view.setFloat32(s * 128 + 44, 5e-10, little)
      view.setFloat32(s * 128 + 48, 29000, little)
    }
    for (const counts of [
      [0, 32],
      [0, 0]
    ] satisfies [number, number][]) {
      const got = await (await open('AGAR', extended, byteOrder, counts)).readSectionMetadata()
      expect(got.map((entry) => entry.tiltAngleDegrees)).toEqual([-45, -44, -43])
      expect(got[0].pixelSizeAngstrom?.x).toBeCloseTo(5, 6)
      expect(got[0].tiltAxisAngleDegrees).toBe(85)
    }
    const mixed = new Uint8Array(12 * sections)
    for (let s = 0; s < sections; s++) new DataView(mixed.buffer).setFloat32(s * 12 + 4, 10 * s, little)
    const file = await open('', mixed, byteOrder, [1, 2])
    expect(file.extendedHeader.type).toBe('AGAR')
    expect((await file.readSectionMetadata()).map((entry) => entry.tiltAngleDegrees)).toEqual([0, 10, 20])
  })

  it('reads symmetry operators, and nothing from content it does not know', async () => {
    const text = (...lines: string[]): Uint8Array => Buffer.from(lines.map((line) => line.padEnd(80)).join(''))
    const symmetry = text('X,  Y,  Z', '-X,  1/2+Y,  -Z')
    for (const type of ['CCP4', '']) {
      const file = await open(type, symmetry, byteOrder)
      expect(await file.readSymmetryOperators()).toEqual(['X,  Y,  Z', '-X,  1/2+Y,  -Z'])
      expect(await file.readSectionMetadata()).toEqual([])
    }
    expect(await (await open('', text('a note'), byteOrder)).readSymmetryOperators()).toEqual([])
    for (const type of ['HDF5', 'WHAT', 'FEI1', 'SERI', 'AGAR']) {
      const file = await open(type, new Uint8Array(50).fill(255), byteOrder)
      expect(await file.readSectionMetadata()).toEqual([])
      expect(await file.readExtendedHeader()).toEqual(new Uint8Array(50).fill(255))
    }
  })
})
