import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { childProcessRunner } from '../../engine/runner/child-process.ts'
import type { SpawnRunner } from '../../engine/runner/port.ts'
import { buildRunnerEntry } from '../../engine/runner/testing/build-runner.ts'
import { writeScriptedBundle } from '../../engine/runner/testing/scripted-bundle.ts'
import { temporaryFolder, writeSmallTomogram } from '../../engine/runner/testing/small-tomogram.ts'
import { runRecordSchema } from '../../shared/runs.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

let folder = ''
let spawnRunner: SpawnRunner

class RunnerIo extends RecordedIo {
  readonly spawnRunner = spawnRunner
}

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
  await rename(writeScriptedBundle(folder), join(folder, 'quick'))
  await rename(writeScriptedBundle(folder, { steps: 2000, blockMilliseconds: 2 }), join(folder, 'long'))
  spawnRunner = childProcessRunner(await buildRunnerEntry(fromRoot('./src/engine/runner/testing/scripted-entry.ts')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function reconstruct(args: string, io = new RunnerIo(folder)): Promise<{ code: number; io: RecordedIo }> {
  const code = await run(['reconstruct', ...args.split(' ')], io)
  return { code, io }
}

describe('a run', () => {
  it('writes the run folder, and its record to standard output', async () => {
    const { code, io } = await reconstruct(
      'tomogram.mrc --bundle quick --method cryowgen-2 --out one --tilt-range -60:55 --roi 1:5,0:4,0:4 --gamma 0.5 --members 1 --burn-in 2 --mala --seed 9 --json'
    )
    expect(io.err).toMatch(/CryoWGEN-II/)
    expect(code).toBe(0)
    const record = runRecordSchema.parse(JSON.parse(io.out))
    expect(record.wedge).toMatchObject({ tiltMin: -60, tiltMax: 55, tiltAxis: 'x', source: 'given' })
    expect(record.input.roi).toEqual({ x: [1, 5], y: [0, 4], z: [0, 4] })
    expect(record.settings).toMatchObject({ gamma: 0.5, members: 1, burnIn: 2, mala: true, seed: 9 })
    expect(await readdir(join(folder, 'one', 'members'))).toEqual(['member-001.mrc'])
  })

  it('takes the bundle’s wedge where nothing else is known, and a file beside before it', async () => {
    const fromBundle = await reconstruct('tomogram.mrc --bundle quick --method cryogen-1 --out two --json')
    expect(runRecordSchema.parse(JSON.parse(fromBundle.io.out)).wedge).toMatchObject({
      tiltMin: -50,
      tiltMax: 40,
      source: 'bundle'
    })
    await writeSmallTomogram(join(folder, 'tilted.mrc'))
    await writeFile(join(folder, 'tilted.tlt'), '-48\n0\n47\n')
    const beside = await reconstruct('tilted.mrc --bundle quick --method cryogen-1 --out three --tilt-axis y --json')
    expect(runRecordSchema.parse(JSON.parse(beside.io.out)).wedge).toMatchObject({
      tiltMin: -48,
      tiltMax: 47,
      tiltAxis: 'y',
      source: 'file'
    })
  })

  it('gives each of several methods a folder of its own', async () => {
    const { code, io } = await reconstruct(
      'tomogram.mrc --bundle quick --method cryogen-1,cryowgen-2 --out several --gamma 2 --candidates 7 --json'
    )
    expect(code).toBe(0)
    const records = runRecordSchema.array().parse(JSON.parse(io.out))
    expect(records.map(({ method }) => method)).toEqual(['cryogen-1', 'cryowgen-2'])
    expect((await readdir(join(folder, 'several'))).sort()).toEqual(['cryogen-1', 'cryowgen-2'])
    expect(io.err).toMatch(/Not read by the chosen methods: --candidates\n/)
  })
})

describe('exit codes', () => {
  it.each([
    ['an unknown method', 'tomogram.mrc --bundle quick --method cryogen-3 --out bad'],
    ['a setting out of range', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --gamma -1'],
    ['a step count that is no whole number', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --steps 1.5'],
    ['a turned tilt range', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --tilt-range 60:-60'],
    ['a region that is none', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --roi 1:2'],
    ['one half map', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --half-maps even.mrc'],
    ['steps that fall too slowly', 'tomogram.mrc --bundle quick --method cryowgen-2 --out bad --decay 0.3'],
    ['an unknown integrator', 'tomogram.mrc --bundle quick --method cryowgen-2 --out bad --integrator verlet'],
    ['equal axes', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --tilt-axis z'],
    ['an existing folder', 'tomogram.mrc --bundle quick --method cryogen-1 --out quick'],
    ['nothing to resume', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --resume'],
    ['no bundle', 'tomogram.mrc --method cryogen-1 --out bad']
  ])('2 for %s', async (_, args) => {
    const { code, io } = await reconstruct(args)
    expect(code).toBe(2)
    expect(io.err).not.toBe('')
    expect(await readdir(folder)).not.toContain('bad')
  })

  it.each([
    ['a tomogram that is not there', 'absent.mrc --bundle quick --method cryogen-1 --out bad', 'mrc-not-found'],
    ['a folder as tomogram', 'quick --bundle quick --method cryogen-1 --out bad', 'mrc-is-directory'],
    ['a folder that is no bundle', 'tomogram.mrc --bundle one --method cryogen-1 --out bad', 'bundle-missing'],
    [
      'a method the bundle does not have',
      'tomogram.mrc --bundle quick --method cryogen-2 --out bad',
      'method-unsupported'
    ],
    ['a region outside', 'tomogram.mrc --bundle quick --method cryogen-1 --out bad --roi 0:8,0:5,0:4', 'roi-outside']
  ])('3 for %s', async (_, args, code) => {
    const result = await reconstruct(`${args} --json`)
    expect(result.code).toBe(3)
    expect(JSON.parse(result.io.out)).toMatchObject({ error: { kind: 'input', code } })
    expect(await readdir(folder)).not.toContain('bad')
  })

  it('4 for a runner that dies', async () => {
    const io = new RunnerIo(folder)
    const broken: SpawnRunner = () => {
      const port = spawnRunner()
      port.onMessage(() => port.kill())
      return port
    }
    const { code } = await reconstruct(
      'tomogram.mrc --bundle long --method cryowgen-2 --out dead',
      Object.assign(io, { spawnRunner: broken })
    )
    expect(code).toBe(4)
    expect(io.err).toMatch(/ended by the system/)
    expect((await readdir(folder)).filter((name) => name.startsWith('dead'))).toEqual([])
  })

  it('130 for Ctrl-C, with nothing half-written', async () => {
    class ImpatientIo extends RunnerIo {
      override readonly stderr = (text: string): void => {
        this.err += text
        if (/Sampling/.test(text)) this.interrupt()
      }
    }
    const { code, io } = await reconstruct(
      'tomogram.mrc --bundle long --method cryowgen-2 --out stopped --json',
      new ImpatientIo(folder)
    )
    expect(code).toBe(130)
    expect(JSON.parse(io.out)).toMatchObject({ error: { kind: 'cancelled' } })
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([])
  })
})
