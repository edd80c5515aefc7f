import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toZYX, wholeBox, type ZYX } from '../../../shared/axes.ts'
import { defaultWedge } from '../../../shared/wedge.ts'
import { testNoise } from '../../fourier/fixtures/noise.ts'
import { openVolume } from '../../volume/open-volume.ts'
import { wedgeMask } from '../../wedge/mask.ts'
import { bundleContent } from '../fixtures/compare.ts'
import { evaluate } from '../fixtures/evaluate.ts'
import { loadBundle } from '../load.ts'
import { gaussianPosterior } from './closed-form.ts'
import { estimateSpectrum } from './estimate-spectrum.ts'
import { makeGaussianBundle } from './gaussian.ts'
import { spectrumOf } from './radial-spectrum.ts'
import { makeShippedGaussianBundle } from './shipped.ts'

const resource = (path: string): string => fileURLToPath(new URL(`../../../../resources/${path}`, import.meta.url))
const sample = resource('samples/microtubule-13pf.mrc')
const shipped = resource('bundles/gaussian')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-gaussian-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function normalisedSample(): Promise<{ y: Float32Array; size: ZYX }> {
  const volume = await openVolume(sample)
  const values = await volume.readBox(wholeBox(volume.info.size))
  await volume.close()
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const std = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
  return { y: values.map((v) => (v - mean) / std), size: toZYX(volume.info.size) }
}

function crop(values: Float32Array, size: ZYX, start: ZYX, box: ZYX): Float32Array {
  return Float32Array.from({ length: box[0] * box[1] * box[2] }, (_, i) => {
    const [z, y, x] = [Math.floor(i / (box[1] * box[2])), Math.floor(i / box[2]) % box[1], i % box[2]]
    return values[((start[0] + z) * size[1] + start[1] + y) * size[2] + start[2] + x]
  })
}

describe('the shipped bundle', () => {
  it('is what its script makes from the sample', async () => {
    const out = join(folder, 'again')
    const summary = await makeShippedGaussianBundle(sample, out)
    expect(await bundleContent(out)).toEqual(await bundleContent(shipped))
    expect(summary.methods.map(({ works, reason }) => [works, reason])).toEqual(Array(4).fill([true, null]))
    expect(summary.operatorsWithoutDerivative).toEqual([])
    expect(summary.problems).toEqual([])
  })

  it('fits the sample with a misfit near 1 per measured voxel, as a whole and in regions', async () => {
    const { y, size } = await normalisedSample()
    const { sigma, spectrum } = estimateSpectrum(y, size, defaultWedge)
    const regions: [ZYX, ZYX][] = [
      [[0, 0, 0], size],
      [
        [0, 0, 15],
        [36, 64, 64]
      ],
      [
        [0, 70, 15],
        [36, 64, 64]
      ],
      [
        [0, 140, 15],
        [36, 64, 64]
      ],
      [
        [2, 90, 30],
        [32, 32, 32]
      ],
      [
        [0, 0, 70],
        [24, 24, 24]
      ]
    ]
    for (const [start, box] of regions) {
      const { misfit } = gaussianPosterior(
        {
          size: box,
          mask: wedgeMask(defaultWedge, box),
          priorPrecision: spectrumOf(spectrum, box).map((s) => 1 / s),
          lambda: 1 / sigma ** 2,
          beta: 0,
          gamma: 1
        },
        crop(y, size, start, box)
      )
      for (const value of [misfit.mean, misfit.family]) {
        expect(value).toBeGreaterThan(0.8)
        expect(value).toBeLessThan(1.2)
      }
    }
  })

  it('encodes to the posterior mean of its own closed form', async () => {
    const { y, size } = await normalisedSample()
    const { manifest, encoder } = await loadBundle(shipped)
    const { spectrum } = estimateSpectrum(y, size, defaultWedge)
    const posterior = gaussianPosterior(
      {
        size,
        mask: wedgeMask(defaultWedge, size),
        priorPrecision: spectrumOf(spectrum, size).map((s) => 1 / s),
        lambda: 1 / manifest.noise!.sigma ** 2,
        beta: 0,
        gamma: 1
      },
      y
    )
    const { zbar } = await evaluate(encoder!.bytes, { y: { data: y, dims: [1, 1, ...size] } })
    let worst = 0
    zbar.data.forEach((v, i) => (worst = Math.max(worst, Math.abs(v - posterior.mean[i]))))
    expect(worst).toBeLessThan(2e-5)
    // kappa is as wide as the mean posterior.
    expect(manifest.methods['cryowgen-1']!.beta! * posterior.variance).toBeCloseTo(1, 3)
  })
})

describe('makeGaussianBundle', () => {
  const size: ZYX = [20, 24, 17]
  const volume = Float32Array.from(testNoise(20 * 24 * 17, 1), (v) => 100 + 20 * v)
  const options = { volume, size, voxelSizeAngstrom: null, wedge: defaultWedge, name: 'noise' }

  it('takes a given sigma, an asymmetric wedge, voxels that are no numbers, and an unknown voxel size', async () => {
    const holed = volume.slice()
    holed.set([NaN, Infinity, -Infinity], 50)
    const out = join(folder, 'sub', 'given')
    const wedge = { ...defaultWedge, tiltMin: -48, tiltMax: 61, edgeSoftness: 1 }
    const summary = await makeGaussianBundle({ ...options, volume: holed, wedge, sigma: 0.5, out })
    expect(summary).toMatchObject({ path: out, sigma: 0.5, voxelSizeAngstrom: null, wedge })
    expect(summary.problems.map(({ code }) => code)).toEqual(['bundle-no-voxel-size'])
    expect(await readFile(join(out, 'MODEL_CARD.md'), 'utf8')).toMatch(/was given/)
  })

  it('refuses what it can’t use and leaves nothing behind', async () => {
    const taken = join(folder, 'taken')
    await writeFile(taken, 'a file')
    const attempt = (change: Partial<Parameters<typeof makeGaussianBundle>[0]>) =>
      makeGaussianBundle({ ...options, out: join(folder, 'refused'), ...change })
    await expect(attempt({ out: taken })).rejects.toMatchObject({ kind: 'input', code: 'bundle-exists' })
    await expect(attempt({ out: join(taken, 'below') })).rejects.toMatchObject({ code: 'bundle-unwritable' })
    await expect(attempt({ volume: volume.map(() => 3) })).rejects.toMatchObject({ kind: 'input', code: 'no-contrast' })
    await expect(attempt({ volume: volume.map(() => NaN) })).rejects.toMatchObject({ code: 'no-contrast' })
    await expect(attempt({ sigma: -1 })).rejects.toMatchObject({ kind: 'usage', code: 'sigma-invalid' })
    await expect(attempt({ volume: volume.slice(0, 20), size: [20, 1, 1] })).rejects.toMatchObject({
      code: 'wedge-empty'
    })
    expect((await readdir(folder)).filter((name) => name.includes('refused') || name.includes('partial'))).toEqual([])
  })
})
