import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { inFolder, plainHeader } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { chimeraxScript } from './chimerax.ts'
import { threeDmodCommand } from './three-dmod.ts'

const size = { x: 20, y: 10, z: 5 }
const run = {
  program: 'wedgeview',
  version: '1.0.0',
  method: 'cryowgen-2',
  input: { path: 'a.mrc', sha256: '0', size, roi: { x: [0, 20], y: [0, 10], z: [0, 5] } },
  bundle: { name: 'gaussian', version: '1', sha256: '0' },
  wedge: {
    tiltAxis: 'y',
    beamAxis: 'z',
    tiltMin: -60,
    tiltMax: 60,
    edgeSoftness: 0,
    lowPass: null,
    source: 'given',
    measuredFraction: 0.67
  },
  settings: { gamma: 0.5, seed: 7 },
  chosen: [],
  device: 'cpu',
  tiles: 1,
  seconds: 1,
  misfitPerMeasuredVoxel: 1,
  diagnostics: { ess: null, rHat: null, acceptance: null, objective: null, weightEss: null },
  partial: false,
  warnings: [],
  startedAt: '2026-11-20T00:00:00Z',
  versions: {}
}

/** 990 voxels of 1 or -1 in turn and ten of -50: mean -0.5, dark stands out. */
const dark = Float32Array.from({ length: 1000 }, (_, i) => (i % 100 === 0 ? -50 : i % 2 === 0 ? 1 : -1))

test('ChimeraX opens mean, SD and members, at a level on the side that stands out', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'my "run"')
    await mkdir(join(path, 'members'), { recursive: true })
    await writeFile(join(path, 'run.json'), JSON.stringify(run))
    for (const file of ['mean.mrc', 'std.mrc', join('members', 'member-001.mrc'), join('members', 'member-002.mrc')])
      await writeVolume(join(path, file), dark, size, plainHeader, [])
    const script = await chimeraxScript(path)
    const mean = dark.reduce((sum, value) => sum + value, 0) / 1000
    const sd = Math.sqrt(dark.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 1000)
    const level = /volume #1 style surface step 1 level (\S+)/.exec(script)?.[1]
    expect(Number(level)).toBeCloseTo(mean - 2.5 * sd, 4)
    expect(script).toContain(`open "${folder}/my \\"run\\"/mean.mrc" name "posterior mean"`)
    expect(script).toMatch(/color sample #1 map #2 palette 0,#000004:/)
    expect(script.match(/^hide #\d models$/gm)).toEqual(['hide #3 models', 'hide #4 models'])
    expect(script).toContain('gamma 0.5, seed 7')
    // The shell hands 3dmod exactly the files that are there.
    const command = await threeDmodCommand(path)
    const { stdout } = await promisify(execFile)('sh', ['-c', command.replace(/^3dmod/, "printf '%s\\n'")])
    expect(stdout.trim().split('\n')).toEqual([
      '-xyz',
      join(path, 'mean.mrc'),
      join(path, 'std.mrc'),
      join(path, 'members', 'member-001.mrc'),
      join(path, 'members', 'member-002.mrc')
    ])
  }))

test('a folder that holds no run is refused', () =>
  inFolder(async (folder) => {
    await expect(chimeraxScript(folder)).rejects.toMatchObject({ code: 'run-unreadable' })
  }))
