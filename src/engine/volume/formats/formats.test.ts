import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openVolumeFile } from './open-volume-file.ts'
import type { VolumeFile } from './volume-file.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))

/** The rule of fixtures/make.py. */
const rule = (x: number, row: number, z: number): number => ((11 * z + 13 * row + 7 * x) * 37) % 1999

async function inFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'formats-'))
  try {
    return await action(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Compares all three planes, a strided box and the statistics with a formula. */
async function expectVoxels(file: VolumeFile, at: (x: number, y: number, z: number) => number): Promise<void> {
  const { x: nx, y: ny, z: nz } = file.size
  const range = (from: number, to: number, step = 1): number[] =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
  for (const z of [0, nz - 1]) {
    expect(Array.from(await file.readSlice('xy', z))).toEqual(
      range(0, ny).flatMap((y) => range(0, nx).map((x) => at(x, y, z)))
    )
  }
  for (const y of [0, ny - 1]) {
    expect(Array.from(await file.readSlice('xz', y))).toEqual(
      range(0, nz).flatMap((z) => range(0, nx).map((x) => at(x, y, z)))
    )
  }
  for (const x of [0, nx - 1]) {
    expect(Array.from(await file.readSlice('yz', x))).toEqual(
      range(0, nz).flatMap((z) => range(0, ny).map((y) => at(x, y, z)))
    )
  }
  const box = { x: [1, nx], y: [1, ny], z: [0, nz] } satisfies Parameters<VolumeFile['readBox']>[0]
  expect(Array.from(await file.readBox(box, { stride: { x: 3, y: 2, z: 2 } }))).toEqual(
    range(0, nz, 2).flatMap((z) => range(1, ny, 2).flatMap((y) => range(1, nx, 3).map((x) => at(x, y, z))))
  )
  const all = range(0, nz).flatMap((z) => range(0, ny).flatMap((y) => range(0, nx).map((x) => at(x, y, z))))
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const fractions: number[] = []
  const statistics = await file.statistics({ onProgress: (fraction) => fractions.push(fraction) })
  expect(statistics).toMatchObject({ finite: all.length, min: Math.min(...all), max: Math.max(...all) })
  expect(statistics.mean).toBeCloseTo(mean, 6)
  expect(fractions.at(-1)).toBe(1)
  await expect(file.readSlice('xy', nz)).rejects.toMatchObject({ kind: 'input' })
  await expect(file.readBox({ ...box, x: [0, nx + 1] })).rejects.toMatchObject({ kind: 'input' })
  const aborted = AbortSignal.abort(new Error('enough'))
  await expect(file.readSlice('xy', 0, { signal: aborted })).rejects.toThrow('enough')
}

describe('OME-Zarr', () => {
  it('reads a 0.4 pyramid that Python wrote with Blosc', async () => {
    const file = await openVolumeFile(fixture('pyramid-0.4.zarr'))
    expect(file).toMatchObject({ format: 'ome-zarr', dtype: 'int16', mode: 1, size: { x: 13, y: 11, z: 9 } })
    expect(file.voxelSizeAngstrom).toEqual({ x: 10, y: 11, z: 12 })
    expect(file.origin).toEqual({ x: 10, y: 20, z: 30 })
    expect(file.labels).toEqual(['tomogram'])
    await expectVoxels(file, (x, y, z) => rule(x, y, z) - 500)
    expect(file.pyramid).toHaveLength(1)
    const [coarse] = file.pyramid
    expect(coarse.size).toEqual({ x: 7, y: 6, z: 5 })
    expect(coarse.voxelSizeAngstrom).toEqual({ x: 20, y: 22, z: 24 })
    const slice = await coarse.readSlice('xz', 5)
    expect(slice[4 * 7 + 6]).toBe(rule(12, 10, 8) - 500)
    await file.close()
  })

  it('reads the first channel of a five-dimensional, big-endian array and says so', async () => {
    const file = await openVolumeFile(fixture('channels-0.4.zarr'))
    expect(file.dtype).toBe('float32')
    expect(file.voxelSizeAngstrom).toBeNull()
    expect(file.repairs.map((entry) => entry.code)).toEqual(['first-of-several', 'cell-unknown'])
    await expectVoxels(file, (x, y, z) => rule(x, y, z) - 500)
    await file.close()
  })

  it('reads 0.5 on Zarr 3, with missing chunks as the fill value, gzip and a bigint type', async () => {
    await inFolder(async (folder) => {
      await writeZarr3(folder, { gzip: true, dtype: 'int64' })
      const file = await openVolumeFile(folder)
      expect(file).toMatchObject({ size: { x: 5, y: 4, z: 3 }, voxelSizeAngstrom: { x: 5, y: 5, z: 5 } })
      await expectVoxels(file, (x, y, z) => (z < 2 ? rule(x, y, z) : 7))
      await file.close()
      await rm(join(folder, '0'), { recursive: true })
      await writeZarr3(folder, { gzip: false, dtype: 'uint8' })
      const plain = await openVolumeFile(folder)
      await expectVoxels(plain, (x, y, z) => (z < 2 ? rule(x, y, z) & 255 : 7))
      await plain.close()
    })
  })

  it('refuses folders that are none, damaged chunks and paths that leave the folder', async () => {
    await inFolder(async (folder) => {
      await expect(openVolumeFile(folder)).rejects.toMatchObject({ code: 'mrc-is-directory' })
      await writeFile(join(folder, 'zarr.json'), '{"zarr_format":3,"node_type":"group","attributes":{}}')
      await expect(openVolumeFile(folder)).rejects.toMatchObject({ kind: 'input', code: 'not-zarr' })
      await writeFile(join(folder, 'zarr.json'), 'nonsense')
      await expect(openVolumeFile(folder)).rejects.toMatchObject({ kind: 'input', code: 'not-zarr' })
      await writeZarr3(folder, { gzip: true, dtype: 'int64' })
      await writeFile(join(folder, '0', 'c', '0', '0', '0'), 'no gzip')
      const file = await openVolumeFile(folder)
      await expect(file.readSlice('xy', 0)).rejects.toMatchObject({ code: 'zarr-damaged' })
      await file.close()
      const inner = join(folder, 'inner')
      await mkdir(inner)
      await writeZarr3(inner, { gzip: false, dtype: 'uint8', path: '../0' })
      await rm(join(inner, '0'), { recursive: true })
      await expect(openVolumeFile(inner)).rejects.toMatchObject({ code: 'not-zarr' })
    })
  })
})

/** A Zarr 3 group by hand: 3 x 4 x 5 voxels in chunks of 2 x 4 x 5, the second chunk absent. */
async function writeZarr3(
  folder: string,
  options: { gzip: boolean; dtype: 'int64' | 'uint8'; path?: string }
): Promise<void> {
  const bytes = { name: 'bytes', configuration: { endian: 'little' } }
  const array = {
    zarr_format: 3,
    node_type: 'array',
    shape: [3, 4, 5],
    data_type: options.dtype,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [2, 4, 5] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 7,
    codecs: options.gzip ? [bytes, { name: 'gzip', configuration: { level: 1 } }] : [bytes],
    attributes: {}
  }
  const group = {
    zarr_format: 3,
    node_type: 'group',
    attributes: {
      ome: {
        version: '0.5',
        multiscales: [
          {
            axes: ['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'angstrom' })),
            datasets: [
              { path: options.path ?? '0', coordinateTransformations: [{ type: 'scale', scale: [2.5, 2.5, 2.5] }] }
            ],
            coordinateTransformations: [{ type: 'scale', scale: [2, 2, 2] }]
          }
        ]
      }
    }
  }
  const size = options.dtype === 'int64' ? 8 : 1
  const chunk = Buffer.alloc(2 * 4 * 5 * size)
  for (let z = 0; z < 2; z++) {
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 5; x++) {
        const at = (z * 20 + y * 5 + x) * size
        if (size === 8) chunk.writeBigInt64LE(BigInt(rule(x, y, z)), at)
        else chunk[at] = rule(x, y, z) & 255
      }
    }
  }
  await writeFile(join(folder, 'zarr.json'), JSON.stringify(group))
  await mkdir(join(folder, '0', 'c', '0', '0'), { recursive: true })
  await writeFile(join(folder, '0', 'zarr.json'), JSON.stringify(array))
  await writeFile(join(folder, '0', 'c', '0', '0', '0'), options.gzip ? gzipSync(chunk) : chunk)
}

describe('TIFF stacks', () => {
  /** Rows are stored top down and turned. */
  const turned =
    (height: number, shift = 0) =>
    (x: number, y: number, z: number): number =>
      rule(x, height - 1 - y, z) - shift

  it('reads a compressed big-endian stack with its pixel size', async () => {
    const file = await openVolumeFile(fixture('plain-big-endian.tif'))
    expect(file).toMatchObject({ format: 'tiff', dtype: 'int16', byteOrder: 'big', size: { x: 6, y: 5, z: 4 } })
    // tifffile rounds the resolution to a ratio of small integers.
    expect(file.voxelSizeAngstrom?.x).toBeCloseTo(13.5, 1)
    expect(file.repairs.map((entry) => entry.code)).toEqual(['rows-turned'])
    await expectVoxels(file, turned(5, 500))
    await file.close()
  })

  it('reads tiled float pages', async () => {
    const file = await openVolumeFile(fixture('float-tiled.tif'))
    expect(file.voxelSizeAngstrom).toBeNull()
    await expectVoxels(file, turned(20, 500))
    await file.close()
  })

  it('reads the first channel of an ImageJ hyperstack, with its units', async () => {
    const file = await openVolumeFile(fixture('imagej-channels.tif'))
    expect(file.size).toEqual({ x: 6, y: 5, z: 4 })
    expect(file.voxelSizeAngstrom?.x).toBeCloseTo(12.5, 5)
    expect(file.voxelSizeAngstrom?.z).toBeCloseTo(25, 5)
    expect(file.repairs.map((entry) => entry.code)).toContain('first-of-several')
    await expectVoxels(file, turned(5))
    await file.close()
  })

  it('reads an ImageJ stack that has one page entry for all sections', async () => {
    const file = await openVolumeFile(fixture('imagej-one-page.tif'))
    expect(file.size).toEqual({ x: 6, y: 5, z: 4 })
    await expectVoxels(file, turned(5))
    await file.close()
  })

  it('reads OME-TIFF by its dimension order and physical sizes', async () => {
    const file = await openVolumeFile(fixture('ome.ome.tif'))
    expect(file.size).toEqual({ x: 6, y: 5, z: 4 })
    expect(file.voxelSizeAngstrom).toEqual({ x: 12.5, y: 15, z: 25 })
    await expectVoxels(file, turned(5))
    await file.close()
  })

  it('reads the luminance of a colour page', async () => {
    const file = await openVolumeFile(fixture('colour.tif'))
    const at = (x: number, y: number): number => {
      const value = rule(x, 4 - y, 0)
      return Math.fround(0.299 * (value % 256) + 0.587 * (value % 200) + 0.114 * (value % 100))
    }
    const slice = await file.readSlice('xy', 0)
    for (let y = 0; y < 5; y++) for (let x = 0; x < 6; x++) expect(slice[y * 6 + x]).toBe(at(x, y))
    await file.close()
  })

  it('says what is wrong with a damaged file', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'bad.tif')
      await writeFile(path, Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(200, 0xff)]))
      await expect(openVolumeFile(path)).rejects.toMatchObject({ kind: 'input', code: 'not-tiff' })
    })
  })
})

describe('EM files', () => {
  function em(machine: number, type: number, little: boolean, pixelSize = 2620): Uint8Array {
    const size = { 1: 1, 2: 2, 4: 4, 5: 4, 9: 8 }[type] ?? 4
    const bytes = new Uint8Array(512 + 4 * 3 * 2 * size)
    const view = new DataView(bytes.buffer)
    bytes.set([machine, 0, 0, type])
    ;[4, 3, 2].forEach((length, i) => view.setInt32(4 + 4 * i, length, little))
    bytes.set(Buffer.from('made by a test'), 16)
    view.setInt32(96 + 24, pixelSize, little)
    for (let i = 0; i < 24; i++) {
      const value = i * 3 - 20
      const at = 512 + i * size
      if (type === 1) view.setInt8(at, value)
      else if (type === 2) view.setInt16(at, value, little)
      else if (type === 4) view.setInt32(at, value, little)
      else if (type === 5) view.setFloat32(at, value, little)
      else view.setFloat64(at, value, little)
    }
    return bytes
  }

  it.each([
    [6, 5, true, 'float32'],
    [6, 1, true, 'int8'],
    [6, 2, true, 'int16'],
    [3, 4, false, 'int32'],
    [5, 9, false, 'float64']
  ] as const)('reads machine %d, type %d, little-endian %s', async (machine, type, little, dtype) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'volume.em')
      await writeFile(path, em(machine, type, little))
      const file = await openVolumeFile(path)
      expect(file).toMatchObject({ format: 'em', dtype, byteOrder: little ? 'little' : 'big' })
      expect(file.size).toEqual({ x: 4, y: 3, z: 2 })
      expect(file.voxelSizeAngstrom).toEqual({ x: 2.62, y: 2.62, z: 2.62 })
      expect(file.labels).toEqual(['made by a test'])
      await expectVoxels(file, (x, y, z) => ((z * 3 + y) * 4 + x) * 3 - 20)
      await file.close()
    })
  })

  it('finds the byte order where the machine code lies, and an unknown pixel size', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'volume.em')
      await writeFile(path, em(6, 5, false, 0))
      const file = await openVolumeFile(path)
      expect(file.byteOrder).toBe('big')
      expect(file.voxelSizeAngstrom).toBeNull()
      expect(file.repairs).toMatchObject([{ code: 'byte-order', severity: 'repair' }])
      await file.close()
      await writeFile(path, em(6, 5, true).subarray(0, 600))
      await expect(openVolumeFile(path)).rejects.toMatchObject({ kind: 'input', code: 'not-em' })
    })
  })
})

describe('MRC through the same interface', () => {
  it('reads a real tomogram', async () => {
    const real = fileURLToPath(
      new URL('../../../../packages/mrc-js/test/fixtures/visfd_blob_detect.rec', import.meta.url)
    )
    const file = await openVolumeFile(real)
    expect(file).toMatchObject({ format: 'mrc', dtype: 'int8', pyramid: [] })
    expect((await file.statistics()).min).toBe(19)
    await expect(file.readSlice('xy', 99)).rejects.toMatchObject({ kind: 'input', code: 'mrc-out-of-range' })
    await file.close()
    await expect(openVolumeFile('/no/such/file')).rejects.toMatchObject({ code: 'mrc-not-found' })
  })
})
