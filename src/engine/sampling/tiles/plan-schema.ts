import { z } from 'zod'

const zyx = z.tuple([z.number().int(), z.number().int(), z.number().int()]).readonly()

/** How a region is cut: enough to lay out the same tiles again. Lengths in voxels, (z, y, x). */
export const tilePlanSchema = z.object({
  /** The region, padded to what the networks take. */
  whole: zyx,
  /** Size of each tile's box. As large as `whole` where the region is computed as one box. */
  edge: zyx,
  halo: zyx,
  /** What corners of tiles are multiples of. */
  multiple: zyx,
  /** Bytes that sampling a tile is expected to take at most, and of the largest tensor; null where nothing had to be predicted. */
  predicted: z.object({ bytes: z.number(), largestTensorBytes: z.number() }).nullable()
})
export type TilePlan = z.infer<typeof tilePlanSchema>
