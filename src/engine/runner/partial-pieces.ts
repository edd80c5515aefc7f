import { z } from 'zod'
import { mapRoleSchema } from '../../shared/volumes.ts'

/** What is known of a family so far, in the input's grey values; each map (z, y, x), x fastest. */
export interface PartialMaps {
  readonly size: readonly [z: number, y: number, x: number]
  readonly members: number
  readonly maps: readonly { readonly role: z.infer<typeof mapRoleSchema>; readonly values: Float32Array }[]
}

const positiveInteger = z.number().int().min(1)

/** A stretch of one of the maps, as it travels. */
export const partialPieceSchema = z.object({
  size: z.tuple([positiveInteger, positiveInteger, positiveInteger]),
  members: z.number().int().min(0),
  role: mapRoleSchema,
  /** Which of the roles sent this is, and its first voxel. A piece at voxel 0 of map 0 begins a new set. */
  map: z.number().int().min(0),
  offset: z.number().int().min(0),
  values: z.custom<Float32Array>((value) => value instanceof Float32Array, 'expected a Float32Array'),
  /** No further piece belongs to this set. */
  last: z.boolean()
})
export type PartialPiece = z.infer<typeof partialPieceSchema>

/**
 * Voxels in a piece. Receiving a message stalls the receiver's event loop for as long as copying it takes: one map of 256^3
 * voxels stalled it for 80 to 370 ms, pieces of this size for 6 ms, and they arrived sooner.
 */
const pieceVoxels = 1 << 20

export function* splitPartial({ size: [z, y, x], members, maps }: PartialMaps): Generator<PartialPiece> {
  for (const [map, { role, values }] of maps.entries())
    for (let offset = 0; offset < values.length; offset += pieceVoxels) {
      const end = offset + pieceVoxels
      const last = map === maps.length - 1 && end >= values.length
      // A copy: cloning a view would send the whole array under it.
      yield { size: [z, y, x], members, role, map, offset, values: values.slice(offset, end), last }
    }
}

/** Puts pieces together again. They come in order; a set that was begun and not finished is dropped by the next one. */
export class PartialAssembly {
  #maps: { role: PartialPiece['role']; values: Float32Array }[] = []

  /** The whole set, once its last piece is there. */
  add({ size, members, role, map, offset, values, last }: PartialPiece): PartialMaps | null {
    if (map === 0 && offset === 0) this.#maps = []
    if (offset === 0) this.#maps[map] = { role, values: new Float32Array(size[0] * size[1] * size[2]) }
    const target = this.#maps[map]
    if (!target || offset + values.length > target.values.length) return null
    target.values.set(values, offset)
    if (!last) return null
    const maps = this.#maps
    this.#maps = []
    return { size, members, maps }
  }
}
