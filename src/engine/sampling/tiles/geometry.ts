import type { ZYX } from '../../../shared/axes.ts'
import { axisWeights, cutAxis } from './axis.ts'
import type { AxisTile } from './axis.ts'

/** A box of voxels, (z, y, x). */
export interface Block {
  origin: ZYX
  size: ZYX
}

/** One tile of a region, method.md section 6. Coordinates are those of the region, padded to what the networks take. */
export interface Tile {
  /** Place in the canonical order, (z, y, x), x fastest. */
  index: number
  /** What the networks see. */
  box: Block
  /** What members are cropped to, and where the blending weight is not 0; both without padding. */
  core: Block
  support: Block
  /** Blending weight at a voxel of the support: the product of one factor an axis. */
  weights: readonly [Float64Array, Float64Array, Float64Array]
}

export interface TileLayout {
  /** The region, and as padded: a multiple of `multiple`, at least an edge. */
  region: ZYX
  whole: ZYX
  /** Size of every tile's box. */
  edge: ZYX
  halo: ZYX
  tiles: Tile[]
}

/**
 * Cuts a padded region into boxes of `edge`.
 * @throws {RangeError} where a tile is all halo along an axis that has to be cut
 */
export function layTiles(region: ZYX, whole: ZYX, edge: ZYX, halo: ZYX, multiple: ZYX): TileLayout {
  const box: ZYX = [Math.min(edge[0], whole[0]), Math.min(edge[1], whole[1]), Math.min(edge[2], whole[2])]
  const cut = (axis: 0 | 1 | 2): AxisPart[] =>
    cutAxis({ length: whole[axis], edge: box[axis], halo: halo[axis], multiple: multiple[axis] })
      // A tile whose inside is all padding has nothing to give.
      .filter(({ support }) => support[0] < region[axis])
      .map((tile) => withoutPadding(tile, region[axis]))
  const [zs, ys, xs] = [cut(0), cut(1), cut(2)]
  const tiles: Tile[] = []
  for (const z of zs)
    for (const y of ys)
      for (const x of xs)
        tiles.push({
          index: tiles.length,
          box: { origin: [z.start, y.start, x.start], size: box },
          core: blockOf(z.core, y.core, x.core),
          support: blockOf(z.support, y.support, x.support),
          weights: [z.weights, y.weights, x.weights]
        })
  return { region, whole, edge: box, halo, tiles }
}

interface AxisPart {
  start: number
  core: Range
  support: Range
  weights: Float64Array
}
type Range = readonly [from: number, to: number]

/** A tile up to the region's last voxel; what padding lies behind it is dropped, the weights before it stay. */
function withoutPadding(tile: AxisTile, length: number): AxisPart {
  const clip = ([from, to]: Range): Range => [Math.min(from, length), Math.min(to, length)]
  const support = clip(tile.support)
  return {
    start: tile.start,
    core: clip(tile.core),
    support,
    weights: axisWeights(tile).subarray(0, support[1] - support[0])
  }
}

function blockOf(z: Range, y: Range, x: Range): Block {
  return { origin: [z[0], y[0], x[0]], size: [z[1] - z[0], y[1] - y[0], x[1] - x[0]] }
}

export function voxelsOf([z, y, x]: ZYX): number {
  return z * y * x
}
