import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMrc, openMrc } from '../src/index.ts'
import type { ByteOrder, WritableMode } from '../src/index.ts'
import { range } from './build-mrc.ts'
import { fixture, inFolder } from './fixture.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./cross_check.py', import.meta.url))

interface Described {
  path: string
  valid: boolean
  dtype: string
  shape: number[]
  voxel: number[]
  origin: number[]
  start: number[]
  statistics: number[]
  labels: string[]
  extended: [string, string]
  values: number[]
}

/** A Python that has mrcfile, or why there is none. */
async function findPython(): Promise<{ python: string; version: string } | { missing: string }> {
  const reasons: string[] = []
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      const { stdout } = await run(python, ['-c', 'import mrcfile, numpy; print(mrcfile.__version__)'])
      return { python, version: stdout.trim() }
    } catch (error) {
      const text = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
      reasons.push(`${python}: ${text}`)
    }
  }
  return { missing: reasons.join('; ') }
}

const found = await findPython()

async function mrcfile(...parameters: string[]): Promise<Described[]> {
  if ('missing' in found) throw new Error(found.missing)
  const { stdout } = await run(found.python, [script, ...parameters], { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout) as Described[]
}

if ('missing' in found) {
  describe("Python's mrcfile", () => {
    it('is NOT INSTALLED: the cross-check against it was not made', () => {
      console.warn(`mrc-js: no cross-check against Python's mrcfile (Debian: python3-mrcfile). ${found.missing}`)
      expect(found.missing).toMatch(/python3: .+/)
    })
  })
} else {
  describe(`Python's mrcfile ${found.version}`, () => {
    const size = { x: 7, y: 5, z: 3 }
    const values = range(105).map((i) => (i * 37) % 120)

    it('reads and validates what is written here', async () => {
      await inFolder(async (folder) => {
        const extended = Uint8Array.from({ length: 160 }, (_, i) => i)
        const paths: string[] = []
        const modes: WritableMode[] = [0, 1, 2, 6, 12]
        for (const mode of modes) {
          for (const byteOrder of ['little', 'big'] satisfies ByteOrder[]) {
            const path = join(folder, `${mode}-${byteOrder}.mrc`)
            const writer = await createMrc(path, {
              size,
              mode,
              byteOrder,
              voxelSizeAngstrom: { x: 2, y: 3, z: 4 },
              origin: { x: 1, y: -2, z: 3 },
              start: { x: -4, y: 5, z: 6 },
              labels: ['made by mrc-js', 'second'],
              extendedHeader: { type: 'CCP4', bytes: extended }
            })
            for (let s = 0; s < size.z; s++) {
              await writer.writeSection(Float32Array.from(values.slice(35 * s, 35 * s + 35)))
            }
            await writer.finish()
            paths.push(path)
          }
        }
        const mean = values.reduce((sum, value) => sum + value, 0) / 105
        const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 105)
        const dtypes = ['int8', 'int16', 'float32', 'uint16', 'float16']
        for (const [i, got] of (await mrcfile('read', ...paths)).entries()) {
          expect(got).toMatchObject({
            // mrcfile sums half floats in half precision and so doubts any large spread in mode 12.
            ...(dtypes[i >> 1] === 'float16' ? {} : { valid: true }),
            dtype: dtypes[i >> 1],
            shape: [3, 5, 7],
            voxel: [2, 3, 4],
            origin: [1, -2, 3],
            start: [-4, 5, 6],
            labels: ['made by mrc-js', 'second'],
            extended: ['CCP4', Buffer.from(extended).toString('hex')],
            values
          })
          expect(got.statistics).toEqual([0, Math.max(...values), Math.fround(mean), Math.fround(std)])
        }
      })
    })

    it('writes files, also big-endian, compressed and stacks, that are read here without a repair', async () => {
      await inFolder(async (folder) => {
        for (const theirs of await mrcfile('write', folder)) {
          const file = await openMrc(theirs.path, { strict: true })
          const { x, y, z } = file.size
          expect(file.dtype).toBe(theirs.dtype)
          expect(file.isVolumeStack).toBe(theirs.shape.length === 4)
          expect(x * y * z).toBe(theirs.values.length)
          if (theirs.shape.length === 4) expect(file.sectionsPerVolume).toBe(theirs.shape[1])
          // Bytes have no order for mrcfile to take over.
          if (/(16|32)-big.mrc$/.test(theirs.path)) expect(file.byteOrder).toBe('big')
          expect(Array.from(await file.readBox({ x: [0, x], y: [0, y], z: [0, z] }))).toEqual(theirs.values)
          if (file.voxelSizeAngstrom) {
            expect(file.voxelSizeAngstrom.x).toBeCloseTo(theirs.voxel[0], 5)
            expect(file.voxelSizeAngstrom.z).toBeCloseTo(theirs.voxel[2], 5)
          } else expect(theirs.voxel).toEqual([0, 0, 0])
          expect(file.origin).toEqual({ x: theirs.origin[0], y: theirs.origin[1], z: theirs.origin[2] })
          expect(file.labels).toEqual(theirs.labels)
          const statistics = await file.statistics()
          expect(statistics.mean).toBeCloseTo(theirs.statistics[2], 2)
          await file.close()
        }
      })
    })

    it('agrees on real files', async () => {
      const names = ['EMD-3197.map', 'emd_3197.map.gz', 'EMD-3197.map.bz2', 'beta-tubulin-5.14A.mrc']
      for (const theirs of await mrcfile('read', ...names.map(fixture))) {
        const file = await openMrc(theirs.path)
        const { x, y, z } = file.size
        expect([z, y, x]).toEqual(theirs.shape)
        expect(Array.from(await file.readBox({ x: [0, x], y: [0, y], z: [0, z] }))).toEqual(theirs.values)
        expect(file.voxelSizeAngstrom?.y).toBeCloseTo(theirs.voxel[1], 5)
        expect([file.start.x, file.start.y, file.start.z]).toEqual(theirs.start)
        await file.close()
      }
    })
  })
}
