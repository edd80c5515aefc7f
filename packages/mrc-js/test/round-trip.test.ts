import fc from 'fast-check'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMrc, openMrc } from '../src/index.ts'
import type { AxisOrder, CreateOptions, WritableMode } from '../src/index.ts'
import { inFolder } from './fixture.ts'

const axisOrders: AxisOrder[] = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1]
]

/** Values that each mode stores exactly, so that a round trip must be the identity. */
const exactValue: Record<WritableMode, fc.Arbitrary<number>> = {
  0: fc.integer({ min: -128, max: 127 }),
  1: fc.integer({ min: -32768, max: 32767 }),
  2: fc.float({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
  6: fc.integer({ min: 0, max: 65535 }),
  // Multiples of 1/8 below 256 have at most 11 significant bits.
  12: fc.integer({ min: -2047, max: 2047 }).map((value) => value / 8),
  101: fc.integer({ min: 0, max: 15 })
}

const triple = (value: fc.Arbitrary<number>): fc.Arbitrary<{ x: number; y: number; z: number }> =>
  fc.record({ x: value, y: value, z: value })

const written = fc
  .record({
    mode: fc.constantFrom<WritableMode[]>(0, 1, 2, 6, 12, 101),
    byteOrder: fc.constantFrom('little' as const, 'big' as const),
    size: triple(fc.integer({ min: 1, max: 7 })),
    voxelSizeAngstrom: fc.option(triple(fc.integer({ min: 1, max: 400 }).map((value) => value / 16))),
    origin: triple(fc.integer({ min: -5000, max: 5000 })),
    start: triple(fc.integer({ min: -100000, max: 100000 })),
    axisOrder: fc.constantFrom(...axisOrders),
    labels: fc.array(fc.stringMatching(/^[!-~]{1,80}$/), { maxLength: 10 }),
    extended: fc.uint8Array({ maxLength: 200 })
  })
  .chain((options) =>
    fc.record({
      options: fc.constant(options),
      values: fc.array(exactValue[options.mode], {
        minLength: options.size.x * options.size.y * options.size.z,
        maxLength: options.size.x * options.size.y * options.size.z
      })
    })
  )

describe('writing and reading back', () => {
  it('keeps every voxel, header field and statistic for random modes, byte orders, sizes and axis orders', async () => {
    await inFolder(async (folder) => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(written, async ({ options, values }) => {
          const { extended, ...rest } = options
          const create: CreateOptions = {
            ...rest,
            ...(extended.length > 0 ? { extendedHeader: { type: 'TEST', bytes: extended } } : {})
          }
          const path = join(folder, `${run++}.mrc`)
          const { x, y, z } = create.size
          const writer = await createMrc(path, create)
          for (let s = 0; s < z; s++) {
            await writer.writeSection(Float32Array.from(values.slice(s * x * y, (s + 1) * x * y)))
          }
          const truth = await writer.finish()
          const file = await openMrc(path, { strict: true })
          expect(file.repairs.filter((entry) => entry.severity === 'repair')).toEqual([])
          expect(file.size).toEqual(create.size)
          expect(file.mode).toBe(create.mode)
          expect(file.byteOrder).toBe(create.byteOrder)
          expect(file.axisOrder).toEqual(create.axisOrder)
          expect(file.start).toEqual(create.start)
          expect(file.origin).toEqual(create.origin)
          expect(file.labels).toEqual(create.labels)
          expect(file.extendedHeader.bytes).toBe(extended.length)
          expect(await file.readExtendedHeader()).toEqual(extended)
          if (create.voxelSizeAngstrom) {
            expect(file.voxelSizeAngstrom?.x).toBeCloseTo(create.voxelSizeAngstrom.x, 5)
            expect(file.voxelSizeAngstrom?.z).toBeCloseTo(create.voxelSizeAngstrom.z, 5)
          } else expect(file.voxelSizeAngstrom).toBeNull()
          const volume = await file.readBox({ x: [0, x], y: [0, y], z: [0, z] })
          expect(Array.from(volume)).toEqual(values.map((value) => value))
          const scanned = await file.statistics()
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length
          const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
          for (const statistics of [scanned, truth]) {
            expect(statistics.finite).toBe(values.length)
            expect(statistics.min).toBe(Math.min(...values))
            expect(statistics.max).toBe(Math.max(...values))
            expect(Math.abs(statistics.mean - mean)).toBeLessThanOrEqual(1e-9 * Math.max(1, scale(values)))
            expect(Math.abs(statistics.std - Math.sqrt(variance))).toBeLessThanOrEqual(
              1e-7 * Math.max(1, scale(values))
            )
          }
          expect(file.header.dmin).toBe(Math.fround(truth.min))
          expect(file.header.rms).toBe(Math.fround(truth.std))
          await file.close()
        }),
        { numRuns: 150 }
      )
      expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
    })
  })
})

function scale(values: number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
