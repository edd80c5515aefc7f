import { describe, expect, it } from 'vitest'
import { bufferSource, encodeHeader, MrcError, openMrc } from '../src/index.ts'
import type { ByteOrder, MrcFile, MrcHeader } from '../src/index.ts'
import { fileBytes, numberBytes, plainHeader, range } from './build-mrc.ts'

const values = range(24).map((i) => i * 3 - 20)

function open(
  change: Partial<MrcHeader>,
  options: { byteOrder?: ByteOrder; mode?: number; extended?: Uint8Array; strict?: boolean } = {}
): Promise<MrcFile> {
  const byteOrder = options.byteOrder ?? 'little'
  const mode = options.mode ?? 1
  const header = { ...plainHeader(4, 3, 2, mode, byteOrder), ...change }
  const data = numberBytes(values, mode === 0 ? 'Int8' : mode === 2 ? 'Float32' : 'Int16', byteOrder)
  return openMrc(bufferSource(fileBytes(header, data, { ...options, byteOrder })), { strict: options.strict })
}

async function expectRepaired(
  change: Partial<MrcHeader>,
  code: string,
  byteOrder: ByteOrder = 'little'
): Promise<MrcFile> {
  const file = await open(change, { byteOrder })
  expect(file.repairs.map((entry) => entry.code)).toContain(code)
  expect(file.byteOrder).toBe(byteOrder)
  expect(Array.from(await file.readBox({ x: [0, 4], y: [0, 3], z: [0, 2] }))).toEqual(values)
  await expect(open(change, { byteOrder, strict: true })).rejects.toMatchObject({ code: 'strict' })
  return file
}

describe('headers that real programs write', () => {
  it('opens a correct header without a repair, in strict mode too', async () => {
    for (const byteOrder of ['little', 'big'] as const) {
      expect((await open({}, { byteOrder, strict: true })).repairs).toEqual([])
    }
  })

  it.each(['little', 'big'] as const)('finds %s-endian values whatever the machine stamp says', async (byteOrder) => {
    await expectRepaired({ machst: [0, 0, 0, 0] }, 'machine-stamp', byteOrder)
    const lie = byteOrder === 'little' ? ([0x11, 0x11, 0, 0] as const) : ([0x44, 0x44, 0, 0] as const)
    await expectRepaired({ machst: lie }, 'byte-order', byteOrder)
  })

  it('reads the half-right stamps 44 20 and 44 11', async () => {
    await expectRepaired({ machst: [0x44, 0x20, 0, 0] }, 'machine-stamp')
    await expectRepaired({ machst: [0x44, 0x11, 0, 0] }, 'machine-stamp')
    expect((await open({ machst: [0x44, 0x41, 0, 0] }, { strict: true })).repairs).toEqual([])
  })

  it('needs no MAP identifier, or takes one that ends in NUL', async () => {
    await expectRepaired({ map: '' }, 'map-string')
    await expectRepaired({ map: 'MAP\0' }, 'map-string')
    await expectRepaired({ map: '', machst: [0, 0, 0, 0] }, 'map-string', 'big')
  })

  it('ignores a garbage version, but an absent one is no fault', async () => {
    await expectRepaired({ nversion: -77 }, 'version')
    const old = await open({ nversion: 0 }, { strict: true })
    expect(old.repairs).toMatchObject([{ code: 'version', severity: 'note' }])
  })

  it.each([0, -5, 2 ** 30])('takes the size where the grid sampling is %d', async (m) => {
    const file = await expectRepaired({ mx: m, my: m, mz: m }, 'grid-sampling')
    expect(file.voxelSizeAngstrom).toEqual({ x: 10, y: 10, z: 10 })
  })

  it('does not take a cell of 0 for a voxel size of 0 or NaN', async () => {
    const unknown = await open({ cella: { x: 0, y: 0, z: 0 }, mx: 0, my: 0, mz: 0 })
    expect(unknown.voxelSizeAngstrom).toBeNull()
    const broken = await expectRepaired({ cella: { x: Number.NaN, y: -3, z: Infinity } }, 'cell-unknown')
    expect(broken.voxelSizeAngstrom).toBeNull()
    const flat = await expectRepaired({ cella: { x: 40, y: 30, z: 0 } }, 'cell-incomplete')
    expect(flat.voxelSizeAngstrom).toEqual({ x: 10, y: 10, z: 10 })
  })

  it('keeps a voxel size that comes from a grid other than the size', async () => {
    const file = await open({ mx: 8, my: 6, mz: 4 }, { strict: true })
    expect(file.voxelSizeAngstrom).toEqual({ x: 5, y: 5, z: 5 })
  })

  it('reads an impossible axis order as 1, 2, 3 and an origin that is no number as 0', async () => {
    await expectRepaired({ mapc: 0, mapr: 0, maps: 0 }, 'axis-order')
    const file = await expectRepaired({ origin: { x: Number.NaN, y: 4, z: 5 } }, 'origin')
    expect(file.origin).toEqual({ x: 0, y: 4, z: 5 })
  })

  it('finds the voxels when the length of the extended header is wrong', async () => {
    for (const nsymbt of [-1, 96, 2 ** 31 - 1, 7]) await expectRepaired({ nsymbt }, 'extended-header-length')
    const file = await open({ nsymbt: 12 }, { extended: new Uint8Array(12).fill(7), strict: true })
    expect(await file.readExtendedHeader()).toEqual(new Uint8Array(12).fill(7))
    expect(Array.from(await file.readSlice('xy', 0))).toEqual(values.slice(0, 12))
  })

  it('counts the labels itself where their number is garbage', async () => {
    const label = ['first', '', 'third\0junk'].map((text) => text.padEnd(80))
    const file = await expectRepaired({ nlabl: 99, label }, 'label-count')
    expect(file.labels).toEqual(['first', 'third'])
  })

  it('knows stacks of volumes', async () => {
    const stack = await open({ ispg: 401, mz: 1, cella: { x: 40, y: 30, z: 10 } }, { strict: true })
    expect(stack).toMatchObject({
      isVolumeStack: true,
      sectionsPerVolume: 1,
      voxelSizeAngstrom: { x: 10, y: 10, z: 10 }
    })
    const file = await expectRepaired({ ispg: 401, mz: 7 }, 'volume-stack')
    expect(file.sectionsPerVolume).toBe(2)
    expect((await open({ ispg: 0 })).isVolumeStack).toBe(false)
  })

  it('reads columns, rows and sections along any axes', async () => {
    // Columns along z, rows along x, sections along y.
    const file = await open({ mapc: 3, mapr: 1, maps: 2, nxstart: 5, nystart: 6, nzstart: 7 })
    expect(file.size).toEqual({ x: 3, y: 2, z: 4 })
    expect(file.start).toEqual({ x: 6, y: 7, z: 5 })
    const at = (x: number, y: number, z: number): number => values[(y * 3 + x) * 4 + z]
    const xy = await file.readSlice('xy', 3)
    const xz = await file.readSlice('xz', 1)
    const yz = await file.readSlice('yz', 2)
    for (let x = 0; x < 3; x++) for (let y = 0; y < 2; y++) expect(xy[y * 3 + x]).toBe(at(x, y, 3))
    for (let x = 0; x < 3; x++) for (let z = 0; z < 4; z++) expect(xz[z * 3 + x]).toBe(at(x, 1, z))
    for (let y = 0; y < 2; y++) for (let z = 0; z < 4; z++) expect(yz[z * 2 + y]).toBe(at(2, y, z))
  })

  it('tells signed from unsigned bytes by flag, then by statistics', async () => {
    const imodStamp = 1146047817
    const dtype = async (change: Partial<MrcHeader>): Promise<string> => (await open(change, { mode: 0 })).dtype
    expect(await dtype({})).toBe('int8')
    expect(await dtype({ imodStamp, imodFlags: 0 })).toBe('uint8')
    expect(await dtype({ imodStamp, imodFlags: 1 })).toBe('int8')
    expect(await dtype({ dmin: 0, dmax: 255 })).toBe('uint8')
    expect(await dtype({ dmin: -128, dmax: 127 })).toBe('int8')
    expect(await dtype({ dmin: 0, dmax: 1e9 })).toBe('int8')
    const unsigned = await open({ imodStamp, imodFlags: 0 }, { mode: 0 })
    expect((await unsigned.readSlice('xy', 0))[0]).toBe(236)
  })

  it("doubles the columns where IMOD's flag says two voxels a byte", async () => {
    const file = await open({ imodStamp: 1146047817, imodFlags: 16 }, { mode: 0 })
    expect(file.size).toEqual({ x: 8, y: 3, z: 2 })
    expect(file.voxelSizeAngstrom).toEqual({ x: 10, y: 10, z: 10 })
    const first = 256 + values[0]
    expect(Array.from((await file.readSlice('xy', 0)).subarray(0, 2))).toEqual([first & 15, first >> 4])
  })

  it('says how much follows the voxels', async () => {
    const bytes = new Uint8Array([...fileBytes(plainHeader(4, 3, 2, 1), numberBytes(values, 'Int16')), 1, 2, 3])
    const file = await openMrc(bufferSource(bytes))
    expect(file.repairs).toMatchObject([{ code: 'trailing-bytes', severity: 'note' }])
  })
})

describe('truncated files', () => {
  const whole = fileBytes(plainHeader(4, 3, 5, 1), numberBytes(range(60), 'Int16'))
  // Two sections and a half.
  const cut = whole.subarray(0, 1024 + 24 * 2 + 13)

  it('refuses by default and says how much is there', async () => {
    await expect(openMrc(bufferSource(cut))).rejects.toMatchObject({
      code: 'truncated',
      details: { readableSections: 2, sections: 5, neededBytes: 1144, fileBytes: 1085 }
    })
  })

  it('offers the readable part, marked, with NaN for the rest', async () => {
    const file = await openMrc(bufferSource(cut), { truncated: 'read' })
    expect(file.readableSections).toBe(2)
    expect(file.repairs.map((entry) => entry.code)).toContain('truncated')
    expect(Array.from(await file.readSlice('xy', 1))).toEqual(range(12).map((i) => 12 + i))
    const third = Array.from(await file.readSlice('xy', 2))
    expect(third.slice(0, 6)).toEqual([24, 25, 26, 27, 28, 29])
    expect(third.slice(6).every(Number.isNaN)).toBe(true)
    const across = Array.from(await file.readSlice('yz', 1))
    expect(across.slice(0, 8)).toEqual([1, 5, 9, 13, 17, 21, 25, 29])
    expect(across.slice(8).every(Number.isNaN)).toBe(true)
    expect(await file.statistics()).toMatchObject({ finite: 30, min: 0, max: 29 })
    await expect(openMrc(bufferSource(cut), { truncated: 'read', strict: true })).rejects.toMatchObject({
      code: 'strict'
    })
  })

  it('never makes room for voxels that a lying header invents', async () => {
    const header = encodeHeader(plainHeader(50000, 50000, 50000, 2), 'little')
    const file = await openMrc(bufferSource(new Uint8Array([...header, 1, 2, 3, 4])), { truncated: 'read' })
    expect(file.readableSections).toBe(0)
    await expect(file.readSlice('xy', 0)).rejects.toMatchObject({ code: 'truncated' })
    expect(await file.statistics()).toMatchObject({ finite: 1 })
  })
})

describe('what is not an MRC file', () => {
  const refused = async (bytes: Uint8Array): Promise<string> => {
    const error: unknown = await openMrc(bufferSource(bytes, 'it.mrc')).catch((reason: unknown) => reason)
    if (!(error instanceof MrcError)) throw new Error('it was accepted')
    expect(error.message).toContain('it.mrc')
    expect(error.hint.length).toBeGreaterThan(10)
    return error.code
  }

  it('is refused with a code, a place and a hint', async () => {
    expect(await refused(new Uint8Array(0))).toBe('empty')
    expect(await refused(new Uint8Array(100).fill(65))).toBe('not-mrc')
    expect(await refused(new Uint8Array(5000).fill(65))).toBe('not-mrc')
    expect(await refused(new Uint8Array(5000))).toBe('not-mrc')
    const header = plainHeader(4, 3, 2, 1)
    const data = numberBytes(values, 'Int16')
    expect(await refused(fileBytes({ ...header, mode: 99 }, data))).toBe('unsupported-mode')
    expect(await refused(fileBytes({ ...header, nx: -4 }, data))).toBe('not-mrc')
    const huge = 2 ** 31 - 1
    expect(await refused(fileBytes({ ...header, nx: huge, ny: huge, nz: huge }, data))).toBe('absurd-size')
  })
})
