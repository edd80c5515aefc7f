import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createMrc, openMrc } from 'mrc-js'
import { expect, test } from 'vitest'
import { openVolume } from '../../engine/volume/open-volume.ts'
import { inFolder, plainHeader, positions, realFile } from '../../engine/volume/test-volumes.ts'
import { writeVolume } from '../../engine/volume/write-volume.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

test('convert writes what it is asked for and says what that is', () =>
  inFolder(async (folder) => {
    const size = { x: 12, y: 8, z: 4 }
    await writeVolume(join(folder, 'in.mrc'), positions(size), size, plainHeader, [])
    const io = new RecordedIo(folder)
    const flags = ['--mode', 'uint16', '--bin', '4', '--roi', '0:8,0:8,0:4', '--json']
    expect(await run(['convert', 'in.mrc', 'out.mrc.gz', ...flags], io)).toBe(0)
    const report: unknown = JSON.parse(io.out)
    // The mean of x + 100 y + 10000 z over 4 x 4 x 4 voxels from the corner is 1.5 * 10101 = 15151.5; rounded to even 15152.
    expect(report).toMatchObject({
      path: join(folder, 'out.mrc.gz'),
      dtype: 'uint16',
      size: { x: 2, y: 2, z: 1 },
      voxelSizeAngstrom: { x: 40, y: 40, z: 40 },
      stats: { min: 15152, finite: 4 }
    })
    expect(io.err).toContain('2 x 2 x 1 uint16')
    const volume = await openVolume(join(folder, 'out.mrc.gz'))
    expect(volume.info.labels.at(-1)).toMatch(/^wedgeview \S+ convert: roi 0:8,0:8,0:4; bin 4; uint16$/)
    await volume.close()
  }))

test('convert refuses what it can’t do, with the exit code that says whose turn it is', () =>
  inFolder(async (folder) => {
    const input = realFile('visfd_blob_detect.rec')
    const cases: [string[], number, RegExp][] = [
      [['convert', input, input], 2, /input itself/],
      [['convert', input, 'out.mrc.bz2'], 2, /bzip2/],
      [['convert', input, 'out.mrc', '--bin', '0'], 2, /whole number/],
      [['convert', input, 'out.mrc', '--filter', '-1'], 2, /more than 0/],
      [['convert', input, 'out.mrc', '--mode', 'int12'], 2, /int8/],
      [['convert', input, 'out.mrc', '--roi', '0:99,0:1,0:1'], 3, /region/],
      [['convert', 'none.mrc', 'out.mrc'], 3, /none\.mrc/],
      [['convert', input, join('no', 'such', 'out.mrc')], 4, /no/]
    ]
    for (const [argv, code, message] of cases) {
      const io = new RecordedIo(folder)
      expect(await run(argv, io), argv.join(' ')).toBe(code)
      expect(io.err).toMatch(message)
    }
    const io = new RecordedIo(folder)
    io.interrupt()
    expect(await run(['convert', input, 'out.mrc'], io)).toBe(130)
    expect(await readdir(folder)).toEqual([])
  }))

test('of a file that ends too early, the part that is there is converted when that is asked for', () =>
  inFolder(async (folder) => {
    const size = { x: 12, y: 8, z: 6 }
    await writeVolume(join(folder, 'in.mrc'), positions(size), size, plainHeader, [])
    const whole = await readFile(join(folder, 'in.mrc'))
    await truncate(join(folder, 'in.mrc'), 1024 + 4 * 12 * 8 * 4 + 100)
    const io = new RecordedIo(folder)
    expect(await run(['convert', 'in.mrc', 'out.mrc'], io)).toBe(3)
    expect(io.err).toMatch(/4 of 6 sections are complete.*\n?.*--truncated/)
    expect(await run(['info', 'in.mrc'], io)).toBe(3)
    expect(await run(['info', 'in.mrc', '--truncated', '--stats'], io)).toBe(0)
    expect(io.err).toMatch(/4 of 6 sections along z are in the file/)
    expect(await run(['convert', 'in.mrc', 'out.mrc', '--truncated', '--mode', 'uint16'], io)).toBe(0)
    expect(io.err).toContain('the result holds the 4 of 6 sections along z that are there')
    expect(await run(['convert', 'in.mrc', 'more.mrc', '--truncated', '--roi', '0:12,0:8,2:5'], io)).toBe(3)
    const file = await openMrc(join(folder, 'out.mrc'), { strict: true })
    expect(file.size).toEqual({ x: 12, y: 8, z: 4 })
    expect(Array.from(await file.readSlice('xy', 3))).toEqual(Array.from(positions(size).subarray(288, 384)))
    await file.close()

    const zipped = gzipSync(whole, { level: 0 })
    await writeFile(join(folder, 'cut.mrc.gz'), zipped.subarray(0, zipped.length - 500))
    expect(await run(['convert', 'cut.mrc.gz', 'cut.mrc'], io)).toBe(3)
    expect(await readdir(folder)).not.toContain('cut.mrc')
  }))

test('--keep-extended copies the extended header byte for byte, where its sections stay the same', () =>
  inFolder(async (folder) => {
    const size = { x: 4, y: 3, z: 2 }
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i * 3)
    const extendedHeader = { type: 'SERI', bytes }
    const options = { size, mode: 1, voxelSizeAngstrom: null, byteOrder: 'big', extendedHeader } as const
    const writer = await createMrc(join(folder, 'in.mrc'), options)
    for (let z = 0; z < 2; z++) await writer.writeSection(Float32Array.from({ length: 12 }, (_, i) => i + 100 * z))
    await writer.finish()
    const io = new RecordedIo(folder)
    expect(await run(['convert', 'in.mrc', 'kept.mrc', '--keep-extended', '--mode', 'float32'], io)).toBe(0)
    const kept = await openMrc(join(folder, 'kept.mrc'))
    expect(kept.extendedHeader).toEqual({ type: 'SERI', bytes: 64 })
    expect(Array.from(await kept.readExtendedHeader())).toEqual(Array.from(bytes))
    expect(kept.byteOrder).toBe('big')
    expect((await kept.readSlice('xy', 1))[11]).toBe(111)
    await kept.close()
    expect(await run(['convert', 'in.mrc', 'dropped.mrc'], io)).toBe(0)
    const dropped = await openMrc(join(folder, 'dropped.mrc'))
    expect(dropped.extendedHeader.bytes).toBe(0)
    await dropped.close()
    expect(await run(['convert', 'in.mrc', 'cut.mrc', '--keep-extended', '--roi', '0:4,0:3,1:2'], io)).toBe(2)
    expect(io.err).toContain('records for its 2 sections')
    expect(await run(['convert', 'dropped.mrc', 'none.mrc', '--keep-extended'], io)).toBe(0)
    expect(io.err).toContain('no extended header to keep')
  }))
