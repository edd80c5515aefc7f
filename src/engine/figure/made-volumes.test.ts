import { expect, test } from 'vitest'
import { toZYX, wholeBox } from '../../shared/axes.ts'
import type { FigureVolumeRecipe } from '../../shared/figure-volumes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import type { Volume } from '../volume/volume.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { madeVolumes } from './made-volumes.ts'
import { sourceOf, volumeOf } from './testing/figure-volumes.ts'

const size = { x: 11, y: 5, z: 8 }
const wedge = { ...defaultWedge, tiltMin: -40 }
const scattered = (n: number): number => {
  const value = Math.sin(n * 12.9898) * 43758.5453
  return value - Math.floor(value)
}
const volumeFrom = (seed: number, scale: number): Volume =>
  volumeOf(size, (x, y, z) => scale * scattered(seed + x + 11 * (y + 5 * z)), { x: 10, y: 10, z: 10 })
const files = sourceOf({ mean: volumeFrom(1, 50), member: volumeFrom(500, 60), std: volumeFrom(900, 4) })
const voxelsOf = async (volume: Volume): Promise<Float32Array> => volume.readBox(wholeBox(volume.info.size))
const made = async (recipes: Record<string, FigureVolumeRecipe>, name: string): Promise<Float32Array> =>
  voxelsOf((await madeVolumes(recipes, files).resolve(name)).volume)
const file = async (name: string): Promise<Float32Array> => voxelsOf((await files.resolve(name)).volume)

test('measured and filled-in part are T_M of the map and the rest, and sum to it', async () => {
  const recipes = {
    measured: { kind: 'part', of: 'mean', part: 'measured', wedge },
    filled: { kind: 'part', of: 'mean', part: 'filled-in', wedge }
  } as const
  const [whole, measured, filled] = [await file('mean'), await made(recipes, 'measured'), await made(recipes, 'filled')]
  const expected = createWedgeOperator(wedge, toZYX(size)).apply(whole)
  for (let i = 0; i < whole.length; i += 7) {
    expect(measured[i]).toBeCloseTo(expected[i], 4)
    expect(measured[i] + filled[i]).toBeCloseTo(whole[i], 4)
  }
})

test('a member at another temperature has its two parts scaled by their factors', async () => {
  const factors = { gamma: 1, to: 4, wedge: 1.8, measured: 1.2, kind: 'tether', reason: '' } as const
  const recipe = {
    kind: 'tempered',
    of: 'member',
    role: 'member',
    factors,
    wedge,
    mean: 'mean',
    std: 'std',
    wedgeVariance: null,
    measuredVariance: null
  } as const
  const [mean, member] = [await file('mean'), await file('member')]
  const deviation = member.map((value, i) => value - mean[i])
  const operator = createWedgeOperator(wedge, toZYX(size))
  const [inWedge, outside] = [operator.complement(deviation), operator.apply(deviation)]
  const found = await made({ hot: recipe }, 'hot')
  for (let i = 0; i < found.length; i += 5)
    expect(found[i]).toBeCloseTo(mean[i] + 1.8 * inWedge[i] + 1.2 * outside[i], 3)
})

test('probabilities of made volumes, and volumes on another grid', async () => {
  const recipes = {
    measured: { kind: 'part', of: 'mean', part: 'measured', wedge },
    above: { kind: 'probability', threshold: 20, estimate: 'members', maps: ['measured', 'member'] },
    shifted: { kind: 'resampled', of: 'mean', onto: 'std', start: { x: 0.5, y: 0, z: 0 }, step: { x: 1, y: 1, z: 1 } }
  } as const satisfies Record<string, FigureVolumeRecipe>
  const [measured, member] = [await made(recipes, 'measured'), await file('member')]
  const above = await made(recipes, 'above')
  above.forEach((value, i) => expect(value).toBe((Number(measured[i] > 20) + Number(member[i] > 20)) / 2))
  const [mean, shifted] = [await file('mean'), await made(recipes, 'shifted')]
  expect(shifted[3]).toBeCloseTo((mean[3] + mean[4]) / 2, 4)
})

test('what is made of itself, and a preview that nobody can resolve, are refused', async () => {
  const part = (of: string): FigureVolumeRecipe => ({ kind: 'part', of, part: 'measured', wedge })
  await expect(made({ a: part('b'), b: part('a') }, 'a')).rejects.toMatchObject({ code: 'figure-volume-loop' })
  await expect(made({ a: { kind: 'preview', of: 'mean', gamma: 2 } }, 'a')).rejects.toMatchObject({
    code: 'figure-preview'
  })
  // A name that objects have by birth is none of the recipes'.
  await expect(made({}, 'constructor')).rejects.toThrow(/no volume/)
})
