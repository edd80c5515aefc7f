import { mrcReadImageNode, mrcWriteImageNode } from '@itk-wasm/image-io'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMrc, openMrc } from '../src/index.ts'
import type { ByteOrder, CreateOptions, WritableMode } from '../src/index.ts'
import { fileBytes, numberBytes, plainHeader, range } from './build-mrc.ts'
import { fixture, inFolder } from './fixture.ts'

/** What ITK's reader returns, as far as it is compared. */
interface ItkImage {
  size: number[]
  spacing: number[]
  origin: number[]
  data: ArrayLike<number>
}

async function itkRead(path: string): Promise<ItkImage> {
  const { image } = await mrcReadImageNode(path)
  return image as unknown as ItkImage
}

const orders: ByteOrder[] = ['little', 'big']
const size = { x: 7, y: 5, z: 3 }
const voxels = range(105).map((i) => ((i * 37) % 120) - 50)

describe('ITK (itk-wasm, an implementation that shares no line with this one)', () => {
  it.each(
    ([0, 1, 2, 6] as const).flatMap((mode) => orders.map((byteOrder): [WritableMode, ByteOrder] => [mode, byteOrder]))
  )('reads mode %d, %s-endian, as written here', async (mode, byteOrder) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'ours.mrc')
      const options: CreateOptions = {
        size,
        mode,
        byteOrder,
        voxelSizeAngstrom: { x: 2, y: 3, z: 4 },
        origin: { x: 10, y: -20, z: 30 },
        extendedHeader: { type: 'CCP4', bytes: new Uint8Array(160) }
      }
      // ITK takes mode 0 for unsigned bytes and mode 6 has no negative numbers.
      const values = mode === 0 || mode === 6 ? voxels.map((value) => value + 50) : voxels
      const writer = await createMrc(path, options)
      for (let s = 0; s < size.z; s++) await writer.writeSection(Float32Array.from(values.slice(35 * s, 35 * s + 35)))
      await writer.finish()
      const image = await itkRead(path)
      expect(image.size).toEqual([7, 5, 3])
      expect(image.spacing).toEqual([2, 3, 4])
      expect(image.origin).toEqual([10, -20, 30])
      expect(Array.from(image.data)).toEqual(values)
    })
  })

  it.each([
    [3, 'Int16', 'little'],
    [3, 'Int16', 'big'],
    [4, 'Float32', 'little'],
    [4, 'Float32', 'big']
  ] as const)('reads complex mode %d (%s, %s-endian) as this reader does', async (mode, kind, byteOrder) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'complex.mrc')
      const numbers = [...voxels, ...voxels.map((value) => 3 - value)]
      await writeFile(
        path,
        fileBytes(plainHeader(7, 5, 3, mode, byteOrder), numberBytes(numbers, kind, byteOrder), { byteOrder })
      )
      const image = await itkRead(path)
      const file = await openMrc(path)
      const box = { x: [0, 7], y: [0, 5], z: [0, 3] } satisfies Parameters<typeof file.readBox>[0]
      const real = await file.readBox(box, { component: 'real' })
      const imaginary = await file.readBox(box, { component: 'imaginary' })
      const ours = range(105).flatMap((i) => [real[i], imaginary[i]])
      expect(Array.from(image.data).slice(0, 210)).toEqual(ours)
      await file.close()
    })
  })

  it.each([
    ['uint8', Uint8Array, 'uint8'],
    ['int16', Int16Array, 'int16'],
    ['uint16', Uint16Array, 'uint16'],
    ['float32', Float32Array, 'float32']
  ] as const)('writes %s files that are read here', async (componentType, array, dtype) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'theirs.mrc')
      const shift = dtype === 'uint8' || dtype === 'uint16' ? 50 : 0
      // One value above 127 says by the statistics that the bytes are unsigned, since ITK leaves no flag.
      const values = voxels.map((value, i) => (i === 20 ? 200 : value + shift))
      await mrcWriteImageNode(
        {
          imageType: { dimension: 3, componentType, pixelType: 'Scalar', components: 1 },
          name: '',
          origin: [1, 2, 3],
          spacing: [2, 3, 4],
          direction: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
          size: [7, 5, 3],
          metadata: new Map(),
          data: array.from(values)
        },
        path
      )
      const file = await openMrc(path)
      expect(file.dtype).toBe(dtype)
      expect(file.size).toEqual(size)
      expect(file.voxelSizeAngstrom).toEqual({ x: 2, y: 3, z: 4 })
      expect(file.origin).toEqual({ x: 1, y: 2, z: 3 })
      expect(Array.from(await file.readBox({ x: [0, 7], y: [0, 5], z: [0, 3] }))).toEqual(values)
      await file.close()
    })
  })

  it('agrees on real files', async () => {
    for (const name of [
      'EMD-3197.map',
      'visfd_image_membrane.rec',
      'visfd_blob_detect.rec',
      'beta-tubulin-5.14A.mrc'
    ]) {
      const image = await itkRead(fixture(name))
      const file = await openMrc(fixture(name))
      const { x, y, z } = file.size
      expect(image.size).toEqual([x, y, z])
      const ours = await file.readBox({ x: [0, x], y: [0, y], z: [0, z] })
      expect(Array.from(image.data)).toEqual(Array.from(ours))
      expect(image.spacing[0]).toBeCloseTo(file.voxelSizeAngstrom?.x ?? 0, 5)
      await file.close()
    }
  })
})
