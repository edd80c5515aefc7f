import { z } from 'zod'
import { failureSchema } from './errors.ts'
import { methodIdSchema } from './methods.ts'
import { requestedSettingsSchema } from './settings.ts'
import { wedgeSchema } from './wedge.ts'

/** What the window and `bundle check` say about a bundle. */
export const bundleSummarySchema = z.object({
  /** Absolute folder. */
  path: z.string(),
  name: z.string(),
  version: z.string(),
  license: z.string(),
  description: z.string(),
  voxelSizeAngstrom: z.number().nullable(),
  contrast: z.enum(['dark-on-light', 'light-on-dark']),
  sigma: z.number().nullable(),
  /** What is sampled: the volume itself, or codes of a decoder. */
  latent: z.enum(['volume', 'codes']).optional(),
  /** The encoder gives a precision map, which multiplies the tether beta. */
  precisionMap: z.boolean().optional(),
  wedge: wedgeSchema.nullable(),
  /** The whole bundle's hash: sha256 of its bundle.json. */
  sha256: z.string(),
  methods: z.array(
    z.object({
      method: methodIdSchema,
      works: z.boolean(),
      /** Why not, when it does not. */
      reason: z.string().nullable(),
      defaults: requestedSettingsSchema
    })
  ),
  /** Operators without a derivative rule, with their node. */
  operatorsWithoutDerivative: z.array(z.object({ file: z.string(), opType: z.string(), node: z.string() })),
  problems: z.array(failureSchema)
})
export type BundleSummary = z.infer<typeof bundleSummarySchema>
