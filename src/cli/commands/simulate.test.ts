import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openMrc } from 'mrc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../engine/runner/testing/small-tomogram.ts'
import { recipeSchema } from '../../engine/simulate/recipe.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

let folder = ''
beforeAll(async () => {
  folder = await temporaryFolder()
  await mkdir(join(folder, 'taken'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function simulate(args: string, io = new RecordedIo(folder)): Promise<{ code: number; io: RecordedIo }> {
  return { code: await run(['simulate', ...args.split(' ')], io), io }
}

describe('a simulated tomogram', () => {
  it('is four volumes and a recipe', async () => {
    const { code, io } = await simulate(
      '--out made --size 30,24,20 --voxel 12.5 --tilt-range -50:40 --snr 2 --seed 7 --contents filaments=2,gold-beads=1 --json'
    )
    expect(io.err).toMatch(/made: 2 filaments, 1 gold-beads; SNR 2/)
    expect(code).toBe(0)
    expect((await readdir(join(folder, 'made'))).sort()).toEqual([
      'even.mrc',
      'odd.mrc',
      'recipe.json',
      'tomogram.mrc',
      'truth.mrc'
    ])
    const recipe = recipeSchema.parse(JSON.parse(await readFile(join(folder, 'made', 'recipe.json'), 'utf8')))
    expect(recipeSchema.parse(JSON.parse(io.out))).toEqual(recipe)
    expect(recipe.objects.map(({ kind }) => kind)).toEqual(['filament', 'filament', 'gold-bead'])
    expect(recipe.wedge).toMatchObject({ tiltMin: -50, tiltMax: 40, tiltAxis: 'y', beamAxis: 'z' })
    for (const name of ['truth', 'tomogram', 'even', 'odd']) {
      const file = await openMrc(join(folder, 'made', `${name}.mrc`))
      expect(file.size).toEqual({ x: 30, y: 24, z: 20 })
      expect(file.voxelSizeAngstrom?.y).toBeCloseTo(12.5, 5)
      expect(file.labels.at(-1)).toMatch(new RegExp(`simulated ${name} SNR 2 seed 7`))
      await file.close()
    }
  })

  it('is the same file for the same seed', async () => {
    for (const out of ['one', 'two']) {
      const { code } = await simulate(
        `--out ${out} --size 16,16,16 --contents filaments=1 --noise coloured --defocus 3`
      )
      expect(code).toBe(0)
    }
    for (const name of ['truth.mrc', 'tomogram.mrc', 'even.mrc', 'odd.mrc', 'recipe.json']) {
      const [one, two] = await Promise.all(['one', 'two'].map((out) => readFile(join(folder, out, name))))
      expect(one.equals(two)).toBe(true)
    }
  })

  it('says where fewer objects found room than asked', async () => {
    const { code, io } = await simulate('--out full --size 20,20,20 --contents gold-beads=40')
    expect(code).toBe(0)
    expect(io.err).toMatch(/only \d+ of 40 gold-beads found room/)
  })
})

describe('exit codes', () => {
  it.each([
    ['no folder', '--size 20,20,20'],
    ['a folder that exists', '--out taken'],
    ['a size of two numbers', '--out bad --size 20,20'],
    ['a flat box', '--out bad --size 64,64,1'],
    ['a negative SNR', '--out bad --snr -1'],
    ['a seed that is no whole number', '--out bad --seed 1.5'],
    ['a turned tilt range', '--out bad --tilt-range 60:-60'],
    ['equal axes', '--out bad --tilt-axis z'],
    ['an unknown content', '--out bad --contents ribosomes'],
    ['a count that is none', '--out bad --contents vesicles=-1'],
    ['an unknown noise', '--out bad --noise pink']
  ])('2 for %s', async (_, args) => {
    const { code, io } = await simulate(args)
    expect(code).toBe(2)
    expect(io.err).not.toBe('')
    expect(await readdir(folder)).not.toContain('bad')
  })

  it('3 where nothing is placed', async () => {
    const { code, io } = await simulate('--out bad --size 16,16,16 --contents gold-beads=0 --json')
    expect(code).toBe(3)
    expect(JSON.parse(io.out)).toMatchObject({ error: { code: 'nothing-fits' } })
  })

  it.each(['Placing', 'Recording', 'Writing'])('130 for Ctrl-C while %s, with nothing half-written', async (phase) => {
    class ImpatientIo extends RecordedIo {
      override readonly stderr = (text: string): void => {
        this.err += text
        if (text.includes(phase)) this.interrupt()
      }
    }
    const { code, io } = await simulate('--out stopped --size 24,24,24 --contents filaments=3', new ImpatientIo(folder))
    expect(io.err).toMatch(/Stopped\.\n$/)
    expect(code).toBe(130)
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([])
  })
})
