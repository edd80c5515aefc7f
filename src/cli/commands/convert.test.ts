import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
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
