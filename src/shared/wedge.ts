import { z } from 'zod'
import { axisSchema } from './axes.ts'

/** The missing wedge's parameters, method.md section 2. Angles in degrees, frequencies in cycles per voxel. */
export const wedgeSchema = z
  .object({
    tiltAxis: axisSchema.default('y'),
    beamAxis: axisSchema.default('z'),
    /** Inclusive limits of the recorded tilts; asymmetric ranges are common (-48 … +60). */
    tiltMin: z.number().min(-90).max(90),
    tiltMax: z.number().min(-90).max(90),
    /** Width of the mask's edge in Fourier pixels; 0 = binary. */
    edgeSoftness: z.number().min(0).default(0),
    /** Radius in cycles per voxel beyond which nothing counts as measured; null = none. */
    lowPass: z.number().positive().nullable().default(null)
  })
  .refine((wedge) => wedge.tiltAxis !== wedge.beamAxis, 'the tilt axis and the beam axis must differ')
  .refine((wedge) => wedge.tiltMin < wedge.tiltMax, 'the tilt range must run from a smaller to a larger angle')
export type Wedge = z.infer<typeof wedgeSchema>

export const tiltSourceSchema = z.enum(['given', 'file', 'bundle', 'estimated', 'default'])
/** Where an assumed tilt range came from. */
export type TiltSource = z.infer<typeof tiltSourceSchema>

/** The range assumed where nothing is known, and said so: the commonest in the field. */
export const defaultWedge: Wedge = {
  tiltAxis: 'y',
  beamAxis: 'z',
  tiltMin: -60,
  tiltMax: 60,
  edgeSoftness: 0,
  lowPass: null
}
