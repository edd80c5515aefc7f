import type { ZYX } from '../../../shared/axes.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import type { Reconstruction } from '../problem.ts'
import type { Block, Tile, TileLayout } from './geometry.ts'
import { stitchMaps, type MapSet, type Stitching } from './stitch.ts'

/** What the sections that are put together at a time may take, over all maps and what they are made of. */
export const slabBytes = 256 * 2 ** 20

/** Values of a map that lie in memory or on the disk, by their place. */
export interface StoredValues {
  readonly length: number
  read(from: number, to: number): Promise<Float32Array>
}

/** A tile's maps, cropped to its support, where they were put. */
export interface StoredMaps {
  map: StoredValues | null
  family: {
    mean: StoredValues
    variance: StoredValues
    wedgeVariance: StoredValues
    measuredVariance: StoredValues
    probability: StoredValues | null
    rHat: StoredValues | null
    members: StoredValues[]
    draws: number
  } | null
  barycentre: StoredValues | null
}

/** A region's maps, put together some sections at a time: nothing of the region's size is ever in memory. */
export interface RegionSlabs {
  readonly size: ZYX
  /** Sections z0 to z1 of every map. To the bit what the whole region's maps have there. */
  read(z0: number, z1: number): Promise<MapSet>
}

/** @param stored maps of a tile by its index; null where it is missing */
export function regionSlabs(
  layout: TileLayout,
  stored: (index: number) => StoredMaps | null,
  stitching: Stitching
): RegionSlabs {
  return {
    size: layout.region,
    async read(z0, z1) {
      const inside = layout.tiles.filter(
        ({ support }) => support.origin[0] < z1 && support.origin[0] + support.size[0] > z0
      )
      const tiles = inside.map((tile, index) => ({ ...slabOf(tile, z0, z1), index }))
      const region: ZYX = [z1 - z0, layout.region[1], layout.region[2]]
      const sets: (MapSet | null)[] = []
      for (const tile of inside) {
        const maps = stored(tile.index)
        sets.push(maps && (await readSlab(maps, tile.support, z0, z1)))
      }
      const names = stitching.memberNames && inside.map(({ index }) => stitching.memberNames?.[index] ?? [])
      return stitchMaps({ ...layout, region, tiles }, sets, { ...stitching, memberNames: names })
    }
  }
}

/** The part of a tile that lies in a slab, in the slab's coordinates. */
function slabOf(tile: Tile, z0: number, z1: number): Tile {
  const part = ({ origin, size }: Block): Block => {
    const from = Math.min(Math.max(origin[0], z0), z1)
    const to = Math.max(from, Math.min(origin[0] + size[0], z1))
    return { origin: [from - z0, origin[1], origin[2]], size: [to - from, size[1], size[2]] }
  }
  const support = part(tile.support)
  const skipped = support.origin[0] + z0 - tile.support.origin[0]
  const [wz, wy, wx] = tile.weights
  return { ...tile, support, core: part(tile.core), weights: [wz.subarray(skipped, skipped + support.size[0]), wy, wx] }
}

async function readSlab(maps: StoredMaps, { origin, size }: Block, z0: number, z1: number): Promise<MapSet> {
  const plane = size[1] * size[2]
  const from = Math.max(0, z0 - origin[0]) * plane
  const to = Math.min(size[0], z1 - origin[0]) * plane
  const read = (values: StoredValues): Promise<Float32Array> => values.read(from, to)
  const readOr = async (values: StoredValues | null): Promise<Float32Array | null> => (values ? read(values) : null)
  const { family } = maps
  const members: Float32Array[] = []
  for (const member of family?.members ?? []) members.push(await read(member))
  return {
    map: await readOr(maps.map),
    barycentre: await readOr(maps.barycentre),
    family: family && {
      mean: await read(family.mean),
      variance: await read(family.variance),
      wedgeVariance: await read(family.wedgeVariance),
      measuredVariance: await read(family.measuredVariance),
      probability: await readOr(family.probability),
      rHat: await readOr(family.rHat),
      members,
      draws: family.draws
    }
  }
}

/** A tile's result without its voxels: what the region's record is made of. */
export function withoutMaps(result: Reconstruction): Reconstruction {
  const none = new Float32Array(0)
  const { family } = result
  const empty: FamilyMaps | null = family && {
    mean: none,
    variance: none,
    wedgeVariance: none,
    measuredVariance: none,
    probability: family.probability && none,
    rHat: family.rHat && none,
    members: family.members.map(() => none),
    draws: family.draws
  }
  return { ...result, map: result.map && none, barycentre: result.barycentre && none, family: empty }
}

/** Maps that are in memory, in the form of stored ones. */
export function inMemory({ map, family, barycentre }: MapSet): StoredMaps {
  const held = (values: Float32Array): StoredValues => ({
    length: values.length,
    read: (from, to) => Promise.resolve(values.subarray(from, to))
  })
  return {
    map: map && held(map),
    barycentre: barycentre && held(barycentre),
    family: family && {
      mean: held(family.mean),
      variance: held(family.variance),
      wedgeVariance: held(family.wedgeVariance),
      measuredVariance: held(family.measuredVariance),
      probability: family.probability && held(family.probability),
      rHat: family.rHat && held(family.rHat),
      members: family.members.map(held),
      draws: family.draws
    }
  }
}
