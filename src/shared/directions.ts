import { z } from 'zod'

/** Angular bins around the tilt axis are this wide. */
export const angularBinDegrees = 2

const bandSchema = z.object({
  /** Mean power per frequency, in squares of the volume's unit; its root is the SD per frequency. Null where the region holds no frequency. */
  power: z.number().nullable(),
  /** Share of all power. */
  share: z.number(),
  /** Share of all frequencies. */
  frequencies: z.number()
})

/** Power of a volume, or of a family's deviations from its mean, by direction around the tilt axis. Units: the square of grey values. */
export const directionsSchema = z.object({
  /**
   * Mean power at the angle of (k across, k beam) from tilt 0, over bins that hold a frequency; radii up to 1/2 cycle per voxel, all of them
   * represented in every bin (engine/directions/balanced-angles.ts).
   */
  bins: z.array(z.object({ degrees: z.number(), power: z.number() })),
  /** Frequencies that the assumed wedge leaves unmeasured, and those it counts as measured; the plane's zero frequency is measured. */
  wedge: bandSchema,
  measured: bandSchema,
  /** Mean power over all frequencies: by Parseval the voxels' variance (of a tapered volume, about). */
  variance: z.number(),
  /** hann: edges were tapered, which blurs the spectrum by about a Fourier pixel; none: exact. */
  taper: z.enum(['hann', 'none']),
  /** Members behind a family's deviations. */
  members: z.number().nullable()
})
export type Directions = z.infer<typeof directionsSchema>

/** How a family's deviations from its mean are scaled for another temperature; see engine/family/tempering.ts. */
export const temperingSchema = z.object({
  /** The run's own temperature, and the one predicted for. */
  gamma: z.number(),
  to: z.number(),
  /** Factors of the SD of what lies in the wedge, and of what was measured. */
  wedge: z.number(),
  measured: z.number(),
  /** plain: both are sqrt(to / gamma). tether: the part of the precision that the tether beta holds does not change. */
  kind: z.enum(['plain', 'tether']),
  /** Which of the two, and why, in a sentence. */
  reason: z.string()
})
export type Tempering = z.infer<typeof temperingSchema>

/** What a family says about one voxel. */
export const voxelFamilySchema = z.object({
  /** Grey value of each member there, in the members' order; null where it is no number. */
  members: z.array(z.number().nullable()),
  /** Of the posterior maps, which count every draw, not only the members kept; null where a map is missing. */
  mean: z.number().nullable(),
  sd: z.number().nullable(),
  wedgeShare: z.number().nullable(),
  /** The MAP of the same region, where one was computed, and the tomogram itself. */
  map: z.number().nullable(),
  raw: z.number().nullable(),
  /** Where the values are those predicted for another temperature. */
  tempering: temperingSchema.nullable()
})
export type VoxelFamily = z.infer<typeof voxelFamilySchema>
