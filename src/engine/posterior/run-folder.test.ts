import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RunRecord } from '../../shared/runs.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { assertRunFolderPossible, writeRunFolder, type RunContents } from './run-folder.ts'
import { stagingPathOf } from './staging.ts'
import { pointMaps, wedgeShare, type RunMap } from './run-maps.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const record: RunRecord = {
  program: 'wedgeview',
  version: '0',
  method: 'cryogen-2',
  input: {
    path: '/t.mrc',
    sha256: '',
    size: { x: 1, y: 1, z: 1 },
    roi: { x: [0, 1], y: [0, 1], z: [0, 1] }
  },
  bundle: { name: 'b', version: '1', sha256: '' },
  wedge: { ...defaultWedge, source: 'given', measuredFraction: 1 },
  settings: {},
  chosen: [],
  device: 'cpu',
  tiles: 1,
  seconds: 1,
  misfitPerMeasuredVoxel: 1,
  diagnostics: { ess: null, rHat: null, acceptance: null, objective: null, weightEss: null },
  partial: false,
  warnings: [],
  startedAt: '',
  versions: {}
}
const contents: RunContents = { record, diagnostics: {}, maps: pointMaps(new Float32Array(1)) }

function write(writeMap: (path: string) => Promise<void>): Promise<void> {
  const out = join(folder, 'run')
  return writeRunFolder(out, stagingPathOf(out, 'job'), contents, writeMap)
}

it('shows the folder only when it is complete', async () => {
  await write(async (path) => {
    expect(await readdir(folder)).toEqual([basename(stagingPathOf(join(folder, 'run'), 'job'))])
    await writeFile(path, 'map')
  })
  expect(await readdir(folder)).toEqual(['run'])
  expect((await readdir(join(folder, 'run'))).sort()).toEqual(['diagnostics.json', 'map.mrc', 'run.json'])
})

it('says that the disk is full, and leaves nothing', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  const failing = write(async (path) => {
    await writeFile(path, 'half a map')
    throw new Error('The map could not be written.', { cause: full })
  })
  await expect(failing).rejects.toMatchObject({ kind: 'job', code: 'disk-full' })
  expect(await readdir(folder)).toEqual([])
})

it('does not replace a folder that appeared meanwhile', async () => {
  const failing = write(async (path) => {
    await writeFile(path, 'map')
    await mkdir(join(folder, 'run'))
    await writeFile(join(folder, 'run', 'other'), 'x')
  })
  await expect(failing).rejects.toMatchObject({ kind: 'usage', code: 'out-exists' })
  expect(await readdir(folder)).toEqual(['run'])
  expect(await readdir(join(folder, 'run'))).toEqual(['other'])
})

it('refuses a run that no disk could hold before it begins', async () => {
  const out = join(folder, 'run')
  await expect(assertRunFolderPossible(out, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: 'disk-full' })
  await expect(assertRunFolderPossible(out, 1)).resolves.toBeUndefined()
})

it('gives no wedge share where nothing varies', () => {
  expect([...wedgeShare(Float32Array.of(0, 1, 3), Float32Array.of(0, 1, 1))]).toEqual([0, 0.5, 0.75])
})

it('takes the place of the unfinished run, whose state goes', async () => {
  await mkdir(join(folder, 'run', 'state'), { recursive: true })
  await writeFile(join(folder, 'run', 'state', 'job.json'), '{}')
  await write((path) => writeFile(path, 'map'))
  expect(await readdir(folder)).toEqual(['run'])
  expect((await readdir(join(folder, 'run'))).sort()).toEqual(['diagnostics.json', 'map.mrc', 'run.json'])
})

it('leaves an unfinished run as it is where it can not be finished', async () => {
  await mkdir(join(folder, 'run', 'state'), { recursive: true })
  const failing = write(async () => {
    await writeFile(join(folder, 'run', 'in the way'), '')
  })
  await expect(failing).rejects.toMatchObject({ code: 'out-exists' })
  expect(await readdir(folder)).toEqual(['run'])
  expect((await readdir(join(folder, 'run'))).sort()).toEqual(['in the way', 'state'])
})

it('says that the disk is full where maps come in sections, ends every file, and leaves nothing', async () => {
  const out = join(folder, 'run')
  const ended: string[] = []
  const sections = (turn: number): RunMap[] =>
    ['mean', 'std'].map((role) => ({
      role: role as 'mean',
      file: `${role}.mrc`,
      values: new Float32Array(turn === 2 ? 3 : 6)
    }))
  const maps: RunContents['maps'] = {
    turns: (async function* () {
      for (const turn of [1, 2]) yield await Promise.resolve(sections(turn))
    })(),
    sectionVoxels: 3,
    open: async (path) => {
      await writeFile(path, '')
      let written = 0
      return {
        write: (section) => {
          expect(section).toHaveLength(3)
          if (++written < 3) return Promise.resolve()
          return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
        },
        finish: () => Promise.reject(new Error('not to be finished')),
        abort: () => {
          ended.push(basename(path))
          return Promise.resolve()
        }
      }
    }
  }
  const failing = writeRunFolder(out, stagingPathOf(out, 'job'), { ...contents, maps }, () => Promise.resolve())
  await expect(failing).rejects.toMatchObject({ kind: 'job', code: 'disk-full' })
  expect(ended).toEqual(['mean.mrc', 'std.mrc'])
  expect(await readdir(folder)).toEqual([])
})
