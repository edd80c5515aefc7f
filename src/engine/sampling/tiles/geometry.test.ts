import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { axisWeights, cutAxis, narrowestRamp, tileAdvance } from './axis.ts'
import { addWeighted, cropBlock, cutBox, putCore } from './blend.ts'
import { layTiles, voxelsOf } from './geometry.ts'

const cuts = fc
  .record({
    multiple: fc.integer({ min: 1, max: 8 }),
    halo: fc.integer({ min: 0, max: 11 }),
    inside: fc.integer({ min: 1, max: 6 }),
    units: fc.integer({ min: 1, max: 60 })
  })
  .map(({ multiple, halo, inside, units }) => {
    const edge = multiple * (Math.ceil((2 * halo + 2 * narrowestRamp) / multiple) + inside)
    return { length: units * multiple, edge, halo, multiple }
  })

describe('an axis cut into tiles', () => {
  it('is covered by cores once, by equal tiles on the grid, and weights add up to 1', () => {
    fc.assert(
      fc.property(cuts, (cut) => {
        const tiles = cutAxis(cut)
        const sums = new Float64Array(cut.length)
        let at = 0
        for (const [i, tile] of tiles.entries()) {
          expect(tile.core[0]).toBe(at)
          expect(tile.core[1]).toBeGreaterThan(at)
          at = tile.core[1]
          expect(tile.start % cut.multiple).toBe(0)
          expect(tile.stop - tile.start).toBe(Math.min(cut.edge, cut.length))
          // The halo at an edge that is shared is never used.
          expect(tile.support[0]).toBeGreaterThanOrEqual(i === 0 ? 0 : tile.start + cut.halo)
          expect(tile.support[1]).toBeLessThanOrEqual(i === tiles.length - 1 ? cut.length : tile.stop - cut.halo)
          if (i > 0) expect(tile.ramps[0]).toBe(tiles[i - 1].ramps[1])
          axisWeights(tile).forEach((weight, k) => {
            expect(weight).toBeGreaterThanOrEqual(0)
            sums[tile.support[0] + k] += weight
          })
        }
        expect(at).toBe(cut.length)
        for (const sum of sums) expect(Math.abs(sum - 1)).toBeLessThan(1e-15)
      })
    )
  })

  it('blends neighbours over a ramp where tiles are long enough', () => {
    const tiles = cutAxis({ length: 200, edge: 64, halo: 12, multiple: 8 })
    expect(tileAdvance({ length: 200, edge: 64, halo: 12, multiple: 8 })).toBe(32)
    expect(tiles.map(({ start }) => start)).toEqual([0, 24, 48, 80, 104, 136])
    for (const { ramps } of tiles.slice(1)) expect(ramps[0]).toBeGreaterThanOrEqual(narrowestRamp)
  })

  it('refuses a tile that is all halo', () => {
    expect(() => cutAxis({ length: 100, edge: 32, halo: 16, multiple: 1 })).toThrow(RangeError)
  })
})

describe('a region in tiles', () => {
  const region: ZYX = [21, 34, 19]
  const whole: ZYX = [24, 36, 20]
  const layout = layTiles(region, whole, [16, 16, 20], [3, 2, 5], [4, 4, 4])
  const values = Float32Array.from({ length: voxelsOf(region) }, (_, i) => Math.fround(Math.sin(i)))

  it('is itself again after cutting, blending or cropping', () => {
    expect(layout.tiles.length).toBeGreaterThan(8)
    const blended = new Float32Array(values.length)
    const stitched = new Float32Array(values.length)
    const ones = new Float32Array(values.length)
    for (const tile of layout.tiles) {
      const box = cutBox(values, region, tile.box)
      expect(box.length).toBe(voxelsOf(layout.edge))
      const support = cropBlock(box, tile.box, tile.support)
      addWeighted(blended, region, support, tile)
      addWeighted(ones, region, new Float32Array(support.length).fill(1), tile)
      putCore(stitched, region, support, tile)
    }
    for (const one of ones) expect(Math.abs(one - 1)).toBeLessThan(2e-7)
    blended.forEach((value, i) => expect(Math.abs(value - values[i])).toBeLessThan(3e-7))
    expect(stitched).toEqual(values)
  })

  it('continues boxes by reflection behind the region', () => {
    const last = layout.tiles[layout.tiles.length - 1]
    const box = cutBox(values, region, last.box)
    const at = (z: number, y: number, x: number): number =>
      box[
        ((z - last.box.origin[0]) * layout.edge[1] + y - last.box.origin[1]) * layout.edge[2] + x - last.box.origin[2]
      ]
    const of = (z: number, y: number, x: number): number => values[(z * region[1] + y) * region[2] + x]
    expect(at(20, 33, 18)).toBe(of(20, 33, 18))
    expect(at(23, 35, 19)).toBe(of(17, 31, 17))
  })
})
