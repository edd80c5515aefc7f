import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { wholeBox, type Box } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { simulate, type Simulation } from '../simulate/simulate.ts'
import { writeSimulation } from '../simulate/simulation-folder.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { wedgeMask } from '../wedge/mask.ts'
import { noiseOfHalves } from './half-maps.ts'
import { openInput, readNormalised, type NormalisedInput } from './input.ts'
import { identityOf } from './state/identity.ts'
import { prepareRun } from './prepare.ts'
import { productionTools } from './tools.ts'
import { temporaryFolder } from './testing/small-tomogram.ts'

const { signal } = new AbortController()
const wedge = { ...defaultWedge, tiltMin: -60, tiltMax: 54 }
const size = { x: 41, y: 36, z: 30 }
const like = {
  voxelSizeAngstrom: { x: 10, y: 10, z: 10 },
  origin: { x: 0, y: 0, z: 0 },
  start: { x: 0, y: 0, z: 0 },
  axisOrder: [1, 2, 3],
  labels: []
}

let folder = ''
let simulation: Simulation
const inFolder = (name: string): string => join(folder, 'phantom', `${name}.mrc`)

beforeAll(async () => {
  folder = await temporaryFolder()
  simulation = await simulate(
    {
      ...{ size, voxelSizeAngstrom: 10, wedge, signalToNoise: 0.4, noise: 'white', defocusMicrometre: null, seed: 8 },
      contents: new Map([
        ['vesicles', 1],
        ['microtubules', 1]
      ]),
      templates: fromRoot('./resources/templates')
    },
    { signal, onProgress: () => undefined }
  )
  await writeSimulation(join(folder, 'phantom'), simulation, signal)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function inputOf(path: string, roi: Box | null = null): Promise<NormalisedInput> {
  const opened = await openInput(path, roi, signal)
  try {
    return await readNormalised(opened.volume, opened.roi, { kind: 'zscore', scope: 'tomogram' }, signal)
  } finally {
    await opened.volume.close()
  }
}

describe('the noise from half maps', () => {
  it('is the one that the phantom was made with, normalised as the tomogram is', async () => {
    const input = await inputOf(inFolder('tomogram'))
    const { sigma, reason } = await noiseOfHalves([inFolder('even'), inFolder('odd')], input, wedge, signal)
    // A power over n frequencies is known to sqrt(2 / n), so sigma to sqrt(1 / (2 n)).
    const measured = wedgeMask(wedge, input.size).reduce((sum, m) => sum + m, 0)
    const wanted = simulation.sigma / input.normalisation.std
    expect(Math.abs(sigma / wanted - 1)).toBeLessThan(5 * Math.sqrt(1 / (2 * measured)))
    expect(reason).toBe(
      'half maps even.mrc and odd.mrc: the SD of (even - odd) / 2 within the measured region, normalised'
    )
  })

  it('is found in a region, and where the tomogram is the sum of its halves', async () => {
    const roi: Box = { x: [6, 35], y: [3, 30], z: [4, 29] }
    const [sum, scaled] = [join(folder, 'sum.mrc'), join(folder, 'scaled.mrc')]
    const doubled = simulation.tomogram.map((value) => 2 * value + 300)
    await writeVolume(sum, doubled, size, like, [], signal)
    const input = await inputOf(sum, roi)
    const found = await noiseOfHalves([inFolder('even'), inFolder('odd')], input, wedge, signal)
    // The region's box is not periodic: some power leaks over the wedge's edge.
    const wanted = (2 * simulation.sigma) / input.normalisation.std
    expect(Math.abs(found.sigma / wanted - 1)).toBeLessThan(0.04)
    expect(found.reason).toContain('2.00 times the mean')
    await writeVolume(scaled, simulation.tomogram, size, like, [], signal)
    expect((await noiseOfHalves([inFolder('odd'), inFolder('even')], await inputOf(scaled), wedge, signal)).sigma).toBe(
      (await noiseOfHalves([inFolder('even'), inFolder('odd')], await inputOf(scaled), wedge, signal)).sigma
    )
  })

  it('refuses halves of something else, of another size, and twice the same', async () => {
    const input = await inputOf(inFolder('tomogram'))
    const attempt = (even: string, odd: string) => noiseOfHalves([even, odd], input, wedge, signal)
    const other = join(folder, 'other.mrc')
    const mirrored = simulation.even.slice().reverse()
    await writeVolume(other, mirrored, size, like, [], signal)
    await expect(attempt(other, other)).rejects.toMatchObject({ kind: 'input', code: 'half-maps-differ' })
    const small = join(folder, 'small.mrc')
    await writeVolume(small, new Float32Array(8 * 8 * 8), { x: 8, y: 8, z: 8 }, like, [], signal)
    await expect(attempt(inFolder('even'), small)).rejects.toMatchObject({ kind: 'input', code: 'half-maps-size' })
    await expect(attempt(inFolder('tomogram'), inFolder('tomogram'))).rejects.toMatchObject({ code: 'noise-unknown' })
    await expect(attempt(inFolder('even'), inFolder('absent'))).rejects.toMatchObject({ code: 'mrc-not-found' })
  })

  it('weighs the data and is told, before the bundle’s own and after what was asked for', async () => {
    const halfMaps: [string, string] = [inFolder('even'), inFolder('odd')]
    const request = {
      volumePath: inFolder('tomogram'),
      bundlePath: fromRoot('./resources/bundles/gaussian'),
      method: 'cryowgen-2' as const,
      outPath: join(folder, 'never'),
      wedge,
      wedgeSource: 'given' as const,
      roi: null,
      settings: {},
      device: 'cpu' as const,
      threads: 1
    }
    const decided = await prepareRun({ ...request, halfMaps }, productionTools, signal)
    const wanted = simulation.sigma / decided.input.normalisation.std
    expect(decided.settings.sigma / wanted).toBeCloseTo(1, 1)
    expect(decided.settings.lambda * decided.settings.sigma ** 2).toBeCloseTo(1, 10)
    expect(decided.chosen.find(({ setting }) => setting === 'sigma')?.reason).toContain('half maps')
    const asked = await prepareRun({ ...request, halfMaps, settings: { sigma: 0.5 } }, productionTools, signal)
    expect(asked.settings.sigma).toBe(0.5)
    const found = { input: { path: '', sha256: '' }, bundle: { name: '', sha256: '' }, roi: wholeBox(size) }
    expect(identityOf({ ...request, halfMaps }, found).halfMaps).toEqual(halfMaps)
  })
})
