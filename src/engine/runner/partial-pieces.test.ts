import { expect, it } from 'vitest'
import { PartialAssembly, partialPieceSchema, splitPartial, type PartialMaps } from './partial-pieces.ts'

function counting(length: number, from: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => from + i)
}

/** Three pieces a map, the last one short. */
const partial: PartialMaps = {
  size: [3, 1000, 900],
  members: 5,
  maps: [
    { role: 'mean', values: counting(2_700_000, 1) },
    { role: 'std', values: counting(2_700_000, 7) }
  ]
}

it('comes out as it went in', () => {
  const assembly = new PartialAssembly()
  const results = [...splitPartial(partial)].map((piece) => assembly.add(partialPieceSchema.parse(piece)))
  expect(results).toHaveLength(6)
  expect(results.slice(0, -1)).toEqual([null, null, null, null, null])
  const whole = results[5]
  expect(whole?.size).toEqual(partial.size)
  expect(whole?.members).toBe(5)
  expect(whole?.maps.map(({ role }) => role)).toEqual(['mean', 'std'])
  partial.maps.forEach(({ values }, i) => expect(whole?.maps[i].values.every((v, j) => v === values[j])).toBe(true))
})

it('drops a set that was not finished', () => {
  const assembly = new PartialAssembly()
  const pieces = [...splitPartial(partial)]
  assembly.add(pieces[0])
  assembly.add(pieces[1])
  const results = pieces.map((piece) => assembly.add(piece))
  expect(results[5]?.maps).toHaveLength(2)
})

it('refuses pieces that do not fit', () => {
  const [piece] = splitPartial(partial)
  expect(partialPieceSchema.safeParse({ ...piece, values: [1, 2] }).success).toBe(false)
  expect(new PartialAssembly().add({ ...piece, offset: 5 })).toBeNull()
  expect(new PartialAssembly().add({ ...piece, size: [1, 1, 1] })).toBeNull()
})
