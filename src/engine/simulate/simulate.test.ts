import { describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { toZYX } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { forwardReal } from '../fourier/real.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { Canvas } from './canvas.ts'
import { correlation } from './evaluation/scores.ts'
import { varianceOf } from './imaging.ts'
import { drawObject } from './objects/draw.ts'
import { supportDensity } from './occupancy.ts'
import { contentKinds, recipeSchema } from './recipe.ts'
import { simulate, templatesFor, type Simulation, type SimulationOptions } from './simulate.ts'
import { loadTemplates } from './template.ts'
import { colouredPower, contrastTransfer, electronWavelengthAngstrom, usualCtf } from './transfer.ts'

const templates = fromRoot('./resources/templates')
const options: SimulationOptions = {
  size: { x: 45, y: 40, z: 36 },
  voxelSizeAngstrom: 10,
  wedge: { ...defaultWedge, tiltMin: -48, tiltMax: 60 },
  signalToNoise: 0.5,
  noise: 'white',
  defocusMicrometre: null,
  contents: new Map(contentKinds.map((kind) => [kind, null])),
  seed: 5,
  templates
}

function make(changes: Partial<SimulationOptions> = {}, signal = new AbortController().signal): Promise<Simulation> {
  return simulate({ ...options, ...changes }, { signal, onProgress: () => undefined })
}

/** To the bit. */
const same = (a: Float32Array, b: Float32Array): boolean => Buffer.from(a.buffer).equals(Buffer.from(b.buffer))
const difference = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value - b[i])

describe('a seed', () => {
  it('gives the same bytes again, and another seed others', async () => {
    const [first, again, other] = [await make(), await make(), await make({ seed: 6 })]
    for (const part of ['truth', 'tomogram', 'even', 'odd'] as const) {
      expect(same(first[part], again[part])).toBe(true)
      expect(same(first[part], other[part])).toBe(false)
    }
    expect(first.recipe).toEqual(again.recipe)
  })
})

describe('objects', () => {
  it('do not overlap, and add up to the truth from the recipe alone', async () => {
    const contents = new Map([
      ['vesicles', 1],
      ['filaments', 2],
      ['microtubules', 1],
      ['gold-beads', 3],
      ['macromolecules', 4]
    ] as const)
    const size = { x: 64, y: 60, z: 56 }
    const { truth, recipe } = await make({ size, contents })
    const read = recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))
    expect(read.contents.every(({ placed }) => placed > 0)).toBe(true)
    const frame = { size, voxelSizeAngstrom: 10 }
    const loaded = await loadTemplates(templates, templatesFor(contents), frame)
    const canvas = new Canvas(frame)
    const sum = new Float32Array(truth.length)
    const owners = new Uint8Array(truth.length)
    for (const object of read.objects) {
      const { indices, values } = drawObject(canvas, object, loaded)
      indices.forEach((index, n) => {
        sum[index] += values[n]
        if (values[n] > supportDensity) owners[index]++
      })
    }
    expect(same(sum, truth)).toBe(true)
    expect(owners.reduce((most, count) => Math.max(most, count), 0)).toBe(1)
    for (const { position, rotation } of read.objects) {
      expect(position.voxels.x * 10).toBeCloseTo(position.angstrom.x, 9)
      const { w, x, y, z } = rotation.quaternion
      expect(Math.hypot(w, x, y, z)).toBeCloseTo(1, 12)
    }
  })

  it('are counted where fewer find room than asked', async () => {
    const { recipe } = await make({ contents: new Map([['macromolecules', 500]]) })
    const [{ asked, placed }] = recipe.contents
    expect(asked).toBe(500)
    expect(placed).toBeGreaterThan(0)
    expect(placed).toBeLessThan(40)
    expect(recipe.objects).toHaveLength(placed)
  })
})

describe('the record', () => {
  it.each(['white', 'coloured'] as const)(
    'has the SNR asked for, an empty wedge and independent halves: %s',
    async (noise) => {
      const { truth, tomogram, even, odd, recipe } = await make({ noise, signalToNoise: 0.7 })
      const size = toZYX(options.size)
      const operator = createWedgeOperator(options.wedge, size)
      const signal = operator.apply(truth)
      const rest = difference(tomogram, signal)
      // Noise of N M independent numbers has a variance known to sqrt(2 / (N M)), 0.7 %; coloured noise has fewer.
      const tolerance = noise === 'white' ? 0.03 : 0.15
      expect(varianceOf(signal) / varianceOf(rest) / 0.7).toBeGreaterThan(1 - tolerance)
      expect(varianceOf(signal) / varianceOf(rest) / 0.7).toBeLessThan(1 + tolerance)
      if (noise === 'white')
        expect(recipe.noise.sigma ** 2 * recipe.wedge.measuredFraction).toBeCloseTo(varianceOf(signal) / 0.7, 6)
      const hidden = operator.complement(tomogram)
      expect(varianceOf(hidden) / varianceOf(tomogram)).toBeLessThan(1e-12)
      const [a, b] = [difference(even, signal), difference(odd, signal)]
      expect(varianceOf(a) / varianceOf(rest)).toBeGreaterThan(1.8)
      expect(varianceOf(a) / varianceOf(rest)).toBeLessThan(2.2)
      expect(Math.abs(correlation(a, b) ?? 1)).toBeLessThan(noise === 'white' ? 0.02 : 0.1)
      tomogram.forEach((value, i) => {
        if (Math.abs(value - (even[i] + odd[i]) / 2) > 1e-6) throw new Error(`voxel ${i} is not the mean of its halves`)
      })
    }
  )

  it('has noise of the stated spectrum', async () => {
    const { truth, tomogram } = await make({ noise: 'coloured' })
    const size = toZYX(options.size)
    const noise = difference(tomogram, createWedgeOperator(options.wedge, size).apply(truth))
    const { re, im, halfWidth } = forwardReal(noise, size)
    const power = (low: number, high: number): { seen: number; expected: number } => {
      let [seen, expected] = [0, 0]
      // Along the tilt axis every frequency is measured: ky alone, and neighbours in x.
      for (let y = 1; 2 * y < size[1]; y++)
        for (let x = 0; x < 4; x++) {
          const radius = Math.hypot(y / size[1], x / size[2])
          if (radius < low || radius >= high) continue
          const i = y * halfWidth + x
          seen += re[i] ** 2 + im[i] ** 2
          expected += colouredPower(radius)
        }
      return { seen, expected }
    }
    const [low, high] = [power(0.02, 0.12), power(0.3, 0.5)]
    const ratio = low.seen / high.seen / (low.expected / high.expected)
    expect(low.expected / high.expected).toBeGreaterThan(1)
    expect(ratio).toBeGreaterThan(0.4)
    expect(ratio).toBeLessThan(2.5)
  })

  it('is seen through the contrast transfer function where one is asked for', async () => {
    const ctf = usualCtf(4)
    expect(electronWavelengthAngstrom(300)).toBeCloseTo(0.019687, 5)
    expect(contrastTransfer(ctf, 0)).toBeCloseTo(0.07, 12)
    // First zero where chi + asin A = pi; the aberration shifts it by a thousandth at such low frequencies.
    const zero = Math.sqrt((Math.PI - Math.asin(0.07)) / (Math.PI * electronWavelengthAngstrom(300) * 4e4))
    expect(Math.abs(contrastTransfer(ctf, zero))).toBeLessThan(0.01)
    const noiseless = { signalToNoise: 1e10, defocusMicrometre: 4 }
    const { truth, tomogram } = await make(noiseless)
    const size = toZYX(options.size)
    const [before, after] = [truth, tomogram].map((volume) => forwardReal(volume, size))
    for (const y of [2, 7, 13]) {
      const i = y * before.halfWidth
      const expected = contrastTransfer(ctf, y / size[1] / 10)
      expect(after.re[i] / before.re[i]).toBeCloseTo(expected, 3)
    }
  })
})

describe('what can’t be simulated', () => {
  it.each([
    ['a flat box', { size: { x: 64, y: 64, z: 1 } }, 'simulation-size'],
    ['a box beyond memory', { size: { x: 4096, y: 4096, z: 4096 } }, 'simulation-size'],
    ['nothing', { contents: new Map([['vesicles', 0]] as const) }, 'nothing-fits']
  ])('%s', async (_, changes, code) => {
    await expect(make(changes)).rejects.toMatchObject({ code })
  })

  it('a missing template is the program’s own fault', async () => {
    await expect(make({ templates: '/nowhere' })).rejects.toMatchObject({ kind: 'job', code: 'program-incomplete' })
  })

  it('stops when asked to', async () => {
    const controller = new AbortController()
    const stopped = simulate(options, {
      signal: controller.signal,
      onProgress: ({ phase }) => phase === 'Recording' && controller.abort()
    })
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  })
})
