import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { fromRoot } from '../../../project-paths.ts'
import { openVolume } from '../../engine/volume/open-volume.ts'
import { inFolder, plainHeader } from '../../engine/volume/test-volumes.ts'
import { writeVolume } from '../../engine/volume/write-volume.ts'
import { wedgeMask } from '../../engine/wedge/mask.ts'
import { createWedgeOperator } from '../../engine/wedge/operator.ts'
import { toZYX, wholeBox } from '../../shared/axes.ts'
import type { XYZ } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

const sample = fromRoot('./resources/samples/microtubule-13pf.mrc')

/** cli.md's keys. */
const documentSchema = z.object({
  tiltRange: z.tuple([z.number(), z.number()]),
  source: z.enum(['given', 'file', 'estimated', 'default']),
  uncertaintyDegrees: z.number().nullable(),
  measuredFraction: z.number(),
  powerByAngle: z.array(z.object({ degrees: z.number(), power: z.number() })),
  halfRangeDegrees: z.number(),
  offsetDegrees: z.number()
})

async function report(io: RecordedIo, ...argv: string[]): Promise<z.infer<typeof documentSchema>> {
  io.out = ''
  expect(await run(['wedge', ...argv, '--json'], io)).toBe(0)
  return documentSchema.parse(JSON.parse(io.out))
}

function noise({ x, y, z: nz }: XYZ, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: x * y * nz }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

async function valuesOf(path: string): Promise<Float32Array> {
  const volume = await openVolume(path)
  const values = await volume.readBox(wholeBox(volume.info.size))
  await volume.close()
  return values
}

test('the range is the given one, that of a file, estimated, or assumed, and says which', () =>
  inFolder(async (folder) => {
    const io = new RecordedIo(folder)
    const estimated = await report(io, sample)
    expect(estimated.source).toBe('estimated')
    expect(Math.abs((estimated.tiltRange[1] - estimated.tiltRange[0]) / 2 - 60)).toBeLessThan(5)
    const { tiltRange, halfRangeDegrees, offsetDegrees } = estimated
    expect(Math.abs(halfRangeDegrees - 60)).toBeLessThan(5)
    expect(offsetDegrees - halfRangeDegrees).toBeCloseTo(tiltRange[0], 1)
    expect(offsetDegrees + halfRangeDegrees).toBeCloseTo(tiltRange[1], 1)
    expect(io.err).toContain(`±${halfRangeDegrees}° about ${offsetDegrees}°`)
    expect(estimated.uncertaintyDegrees).toBeGreaterThan(0)
    expect(io.err).toContain('estimated from the power spectrum')
    const given = await report(io, sample, '--tilt-range', '-48:60')
    expect(given).toMatchObject({ source: 'given', tiltRange: [-48, 60], uncertaintyDegrees: null })
    expect(given).toMatchObject({ halfRangeDegrees: 54, offsetDegrees: 6 })
    expect(given.powerByAngle).toEqual(estimated.powerByAngle)

    const size = { x: 32, y: 32, z: 32 }
    await writeVolume(join(folder, 'a.mrc'), noise(size, 1), size, plainHeader, [])
    expect(await report(io, 'a.mrc')).toMatchObject({ source: 'default', tiltRange: [-60, 60] })
    await writeFile(join(folder, 'a.rawtlt'), '-50\n0\n40\n')
    expect(await report(io, 'a.mrc')).toMatchObject({ source: 'file', tiltRange: [-50, 40] })
    const fraction = (await report(io, 'a.mrc', '--tilt-axis', 'x', '--beam-axis', 'y')).measuredFraction
    const mask = wedgeMask({ ...defaultWedge, tiltMin: -50, tiltMax: 40, tiltAxis: 'x', beamAxis: 'y' }, toZYX(size))
    expect(fraction).toBeCloseTo(mask.reduce((sum, value) => sum + value, 0) / mask.length, 6)
  }))

test.each([
  ['y', 'z'],
  ['x', 'z'],
  ['z', 'x']
] as const)('--apply writes T_M of the volume for tilt axis %s and beam %s', (tiltAxis, beamAxis) =>
  inFolder(async (folder) => {
    const size = { x: 21, y: 18, z: 15 }
    const data = noise(size, 3)
    await writeVolume(join(folder, 'a.mrc'), data, size, plainHeader, ['first'])
    const io = new RecordedIo(folder)
    const axes = ['--tilt-axis', tiltAxis, '--beam-axis', beamAxis]
    await report(io, 'a.mrc', '--tilt-range', '-52:47', ...axes, '--apply', 'out.mrc')
    const wedge = { ...defaultWedge, tiltMin: -52, tiltMax: 47, tiltAxis, beamAxis }
    expect(await valuesOf(join(folder, 'out.mrc'))).toEqual(createWedgeOperator(wedge, toZYX(size)).apply(data))
    const written = await openVolume(join(folder, 'out.mrc'))
    expect(written.info.voxelSizeAngstrom).toEqual(plainHeader.voxelSizeAngstrom)
    expect(written.info.labels[1]).toMatch(/^wedgeview \S+ wedge: T_M; tilt -52:47; axis [xyz]; beam [xyz]$/)
    await written.close()
    expect((await readdir(folder)).sort()).toEqual(['a.mrc', 'out.mrc'])
  })
)

test('--mask writes the measured region of any size, zero frequency in the middle', () =>
  inFolder(async (folder) => {
    const io = new RecordedIo(folder)
    const size = { x: 9, y: 4, z: 8 }
    const { measuredFraction } = await report(
      io,
      sample,
      '--tilt-range',
      '-40:60',
      '--mask',
      'mask.mrc',
      '--size',
      '9,4,8'
    )
    const values = await valuesOf(join(folder, 'mask.mrc'))
    const mask = wedgeMask({ ...defaultWedge, tiltMin: -40, tiltMax: 60 }, toZYX(size))
    for (let z = 0; z < 8; z++)
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 9; x++) {
          const k = [(z - 4 + 8) % 8, (y - 2 + 4) % 4, (x - 4 + 9) % 9]
          expect(values[(z * 4 + y) * 9 + x]).toBe(mask[(k[0] * 4 + k[1]) * 9 + k[2]])
        }
    expect(values[(4 * 4 + 2) * 9 + 4]).toBe(1)
    expect(measuredFraction).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 9)
  }))

test('wedge refuses what makes no sense, and leaves nothing when it is stopped', () =>
  inFolder(async (folder) => {
    const cases: [string[], number, RegExp][] = [
      [[sample, '--size', '8,8,8'], 2, /--mask/],
      [[sample, '--size', '8,8'], 2, /NX,NY,NZ/],
      [[sample, '--tilt-range', '60:-60'], 2, /-90/],
      [[sample, '--tilt-axis', 'z'], 0, /tilt axis, beam {3}z, y/],
      [[sample, '--tilt-axis', 'x', '--beam-axis', 'x'], 2, /two different/],
      [[sample, '--apply', sample], 2, /itself/],
      [['none.mrc'], 3, /none\.mrc/],
      [[sample, '--apply', join('no', 'out.mrc')], 4, /can't be written/]
    ]
    for (const [argv, code, message] of cases) {
      const io = new RecordedIo(folder)
      expect(await run(['wedge', ...argv], io), argv.join(' ')).toBe(code)
      expect(io.err).toMatch(message)
    }
    const io = new RecordedIo(folder)
    io.interrupt()
    expect(await run(['wedge', sample, '--apply', 'out.mrc', '--mask', 'mask.mrc'], io)).toBe(130)
    expect(await readdir(folder)).toEqual([])
  }))
