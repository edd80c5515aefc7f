import { z } from 'zod'

/** Perceptually uniform and safe for the common colour deficiencies; blue-red diverges, for differences. */
export const colourMapSchema = z.enum(['grey', 'viridis', 'magma', 'cividis', 'inferno', 'blue-red'])
export type ColourMapName = z.infer<typeof colourMapSchema>
