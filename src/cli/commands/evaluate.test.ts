import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runnerFromSource } from '../../engine/runner/testing/build-runner.ts'
import { temporaryFolder } from '../../engine/runner/testing/small-tomogram.ts'
import type { SpawnRunner } from '../../engine/runner/port.ts'
import type { Evaluation } from '../../engine/simulate/evaluation/evaluation.ts'
import { openVolume } from '../../engine/volume/open-volume.ts'
import { writeVolume } from '../../engine/volume/write-volume.ts'
import { boxSize, wholeBox, type Box } from '../../shared/axes.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

let folder = ''
let spawnRunner: SpawnRunner

class RunnerIo extends RecordedIo {
  readonly spawnRunner = spawnRunner
}

async function wedgeview(args: string): Promise<{ code: number; io: RecordedIo }> {
  const io = new RunnerIo(folder)
  return { code: await run(args.split(' '), io), io }
}

const region = '2:30,0:32,4:32'

/** Simulate, make the analytic bundle, reconstruct two methods: the way a person goes. */
beforeAll(async () => {
  folder = await temporaryFolder()
  spawnRunner = await runnerFromSource()
  const commands = [
    'simulate --out made --size 32,32,32 --snr 1 --seed 4 --contents macromolecules=1,filaments=1',
    'bundle gaussian made/tomogram.mrc --out gaussian --tilt-range -60:60',
    `reconstruct made/tomogram.mrc --bundle gaussian --method cryogen-2,cryowgen-2 --out runs --roi ${region} ` +
      '--steps 220 --burn-in 40 --thin 3 --chains 4 --members 20 --seed 3'
  ]
  for (const command of commands) {
    const { code, io } = await wedgeview(command)
    if (code !== 0) throw new Error(`${command}: ${io.err}`)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function evaluated(args: string): Promise<Evaluation> {
  const { code, io } = await wedgeview(`evaluate ${args} --json`)
  if (code !== 0) throw new Error(io.err)
  return JSON.parse(io.out) as Evaluation
}

describe('a family', () => {
  it('is scored in and out of the wedge', async () => {
    const found = await evaluated('runs/cryowgen-2 --truth made/truth.mrc')
    expect(found).toMatchObject({ method: 'cryowgen-2', estimate: 'mean', members: 20, crpsFrom: 'members' })
    expect(found.intervals).toEqual({ '50': 'members', '80': 'members', '90': 'members', '95': 'gaussian' })
    for (const part of [found.coverage, found.coverageWedge, found.coverageMeasured]) {
      expect(Object.keys(part ?? {})).toEqual(['50', '80', '90', '95'])
      // A Gaussian of this spectrum is no phantom, but not far from honest either.
      expect(part?.['90']).toBeGreaterThan(0.6)
      expect(part?.['50']).toBeLessThan(part?.['95'] ?? 0)
    }
    const [tomogram, mean, member] = found.volumes
    expect([tomogram.name, mean.name, member.name]).toEqual(['tomogram', 'mean', 'member 1'])
    expect(mean.mse).toBe(found.mse)
    expect(mean.mse).toBeLessThan(tomogram.mse)
    expect(member.mse).toBeGreaterThan(mean.mse)
    for (const key of ['chiSquare', 'crps', 'errorSdCorrelation', 'wedgeVarianceRatio', 'wedgeErrorRatio'] as const)
      expect(Number.isFinite(found[key])).toBe(true)
    expect(found.memberErrorRatio).toBeGreaterThan(1)
    expect(found.fsc).toHaveLength(16)
    expect(found.fsc[0].correlation).toBeGreaterThan(0.5)
    expect(found.fscWedge).toHaveLength(16)
    expect(found.effectiveDraws).toBeGreaterThan(3)
    expect(found.warnings.map(({ code }) => code)).not.toContain('units-differ')
  })

  it('without members is scored by its maps', async () => {
    await cp(join(folder, 'runs/cryowgen-2'), join(folder, 'bare'), { recursive: true })
    await rm(join(folder, 'bare/members'), { recursive: true })
    const found = await evaluated('bare --truth made/truth.mrc')
    expect(found).toMatchObject({ members: 0, crpsFrom: 'gaussian', ranks: null, memberErrorRatio: null })
    expect(Object.values(found.intervals ?? {})).toEqual(Array(4).fill('gaussian'))
    const full = await evaluated('runs/cryowgen-2 --truth made/truth.mrc')
    // Two ways to the same numbers.
    expect(Math.abs((found.coverage?.['90'] ?? 0) - (full.coverage?.['90'] ?? 1))).toBeLessThan(0.05)
    expect((found.crps ?? 0) / (full.crps ?? 1)).toBeCloseTo(1, 1)
  })
})

describe('several runs', () => {
  it('are a list, with one report that needs nothing but itself', async () => {
    const { code, io } = await wedgeview('evaluate runs --truth made/truth.mrc --report report.html --json')
    expect(io.err).toMatch(/CryoWGEN-II/)
    expect(code).toBe(0)
    const documents = JSON.parse(io.out) as Evaluation[]
    expect(documents.map(({ method, estimate }) => [method, estimate])).toEqual([
      ['cryogen-2', 'map'],
      ['cryowgen-2', 'mean']
    ])
    expect(documents[0]).toMatchObject({ coverage: null, chiSquare: null, crps: null, members: 0 })
    const html = await readFile(join(folder, 'report.html'), 'utf8')
    expect(html.match(/<svg/g)).toHaveLength(9)
    expect(html.match(/<\/svg>/g)).toHaveLength(9)
    expect(html.match(/<img /g)).toHaveLength(9)
    expect(html).not.toMatch(/NaN|undefined|Infinity|<script/)
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src="(?!data:)|url\(/)
    const again = await wedgeview('evaluate runs --truth made/truth.mrc --report report.html')
    expect(again.code).toBe(2)
  })
})

describe('exit code 3, saying what differs', () => {
  async function written(name: string, change: { box?: Box; voxel?: number | null; spoil?: number }): Promise<string> {
    const volume = await openVolume(join(folder, 'made/truth.mrc'))
    const box = change.box ?? wholeBox(volume.info.size)
    const values = await volume.readBox(box)
    await volume.close()
    if (change.spoil !== undefined) values[change.spoil] = NaN
    const voxel = change.voxel === undefined ? 10 : change.voxel
    const like = { ...volume.info, voxelSizeAngstrom: voxel === null ? null : { x: voxel, y: voxel, z: voxel } }
    await writeVolume(join(folder, name), values, boxSize(box), like, [])
    return name
  }

  it('a truth of another size', async () => {
    const box: Box = { x: [0, 32], y: [0, 30], z: [1, 32] }
    const truth = await written('smaller.mrc', { box })
    const { code, io } = await wedgeview(`evaluate runs/cryowgen-2 --truth ${truth} --json`)
    expect(code).toBe(3)
    expect(io.err).toMatch(/32 x 30 x 31 voxels .* has 32 x 32 x 32: y differs by -2, z differs by -1/)
    expect(JSON.parse(io.out)).toMatchObject({ error: { code: 'truth-size' } })
  })

  it('a truth of another voxel size', async () => {
    const truth = await written('coarser.mrc', { voxel: 10.7 })
    const { code, io } = await wedgeview(`evaluate runs/cryogen-2 --truth ${truth}`)
    expect(code).toBe(3)
    expect(io.err).toMatch(/10\.7 x 10\.7 x 10\.7 Å .* 10 x 10 x 10 Å/)
  })

  it('but not one that states none, which is noted', async () => {
    const truth = await written('unsized.mrc', { voxel: null })
    const { warnings } = await evaluated(`runs/cryogen-2 --truth ${truth}`)
    expect(warnings.map(({ code }) => code)).toContain('voxel-size-unknown')
  })

  it('a truth with holes, where they are in the region', async () => {
    const inside = await written('holed.mrc', { spoil: 20_010 })
    const { code, io } = await wedgeview(`evaluate runs/cryogen-2 --truth ${inside}`)
    expect(code).toBe(3)
    expect(io.err).toMatch(/1 voxels of the truth/)
    const outside = await written('holed-outside.mrc', { spoil: 0 })
    expect((await wedgeview(`evaluate runs/cryogen-2 --truth ${outside}`)).code).toBe(0)
  })

  it.each([
    ['no truth', 'runs/cryogen-2 --truth absent.mrc', 'mrc-not-found'],
    ['a folder that is no run', 'made --truth made/truth.mrc', 'not-a-run'],
    ['a run that is not there', 'absent --truth made/truth.mrc', 'not-a-run']
  ])('%s', async (_, args, expected) => {
    const { code, io } = await wedgeview(`evaluate ${args} --json`)
    expect(code).toBe(3)
    expect(JSON.parse(io.out)).toMatchObject({ error: { code: expected } })
  })

  it('a run folder that lost a map, or whose record is damaged', async () => {
    await cp(join(folder, 'runs/cryowgen-2'), join(folder, 'torn'), { recursive: true })
    await rm(join(folder, 'torn/wedge-variance.mrc'))
    const torn = await wedgeview('evaluate torn --truth made/truth.mrc --json')
    expect(JSON.parse(torn.io.out)).toMatchObject({ error: { code: 'run-damaged' } })
    await writeFile(join(folder, 'torn/run.json'), '{"program": "other"}')
    const { code, io } = await wedgeview('evaluate torn --truth made/truth.mrc --json')
    expect(code).toBe(3)
    expect(JSON.parse(io.out)).toMatchObject({ error: { code: 'not-a-run' } })
  })
})

describe('the tomogram', () => {
  it('is left out of the comparison, and said so, where it changed since', async () => {
    await cp(join(folder, 'runs/cryogen-2'), join(folder, 'moved'), { recursive: true })
    const path = join(folder, 'moved/run.json')
    const record = await readFile(path, 'utf8')
    await writeFile(path, record.replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${'0'.repeat(64)}"`))
    const found = await evaluated('moved --truth made/truth.mrc')
    expect(found.volumes.map(({ name }) => name)).toEqual(['map'])
    expect(found.warnings.map(({ code }) => code)).toEqual(['tomogram-not-compared'])
  })
})

describe('Ctrl-C', () => {
  it('is exit code 130, without a report', async () => {
    class ImpatientIo extends RecordedIo {
      override readonly stderr = (text: string): void => {
        this.err += text
        if (/Comparing/.test(text)) this.interrupt()
      }
    }
    const args = 'evaluate runs --truth made/truth.mrc --report never.html'.split(' ')
    expect(await run(args, new ImpatientIo(folder))).toBe(130)
    expect((await readdir(folder)).filter((name) => name.includes('never'))).toEqual([])
  })
})
