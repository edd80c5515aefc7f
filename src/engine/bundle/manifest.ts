import { z } from 'zod'
import { axisSchema } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { requestedSettingsSchema } from '../../shared/settings.ts'
import { wedgeSchema, type Wedge } from '../../shared/wedge.ts'

const voxels = z.number().int().min(1)
const sizeSchema = z.tuple([voxels, voxels, voxels])

const normalizationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('zscore'), scope: z.enum(['tomogram', 'patch']) }),
  z.object({ kind: z.literal('none') })
])

const priorSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['energy', 'denoiser', 'score']),
    domain: z.enum(['latent', 'volume', 'observation']),
    rotations: z.enum(['cube', 'so3', 'none']).default('none'),
    /** Noise levels (normalised units) a denoiser was trained with, as annealing goes through them. */
    noiseLevels: z.array(z.number().positive()).min(1).optional()
  }),
  z.object({ kind: z.literal('none') })
])

const trainedWedgeSchema = z
  .object({
    tiltAxis: axisSchema.default('y'),
    beamAxis: axisSchema.default('z'),
    tiltRange: z.tuple([z.number().min(-90).max(90), z.number().min(-90).max(90)]),
    edgeSoftness: z.number().min(0).default(0),
    lowPass: z.number().positive().nullable().default(null)
  })
  .refine((wedge) => wedge.tiltAxis !== wedge.beamAxis, 'expected a tilt axis and a beam axis that differ')
  .refine(({ tiltRange: [min, max] }) => min < max, 'expected a tilt range that runs from a smaller to a larger angle')

/** A file's path inside the bundle: relative, with forward slashes, never leaving the folder. */
const fileNameSchema = z
  .string()
  .regex(/^[^\\/:]+(\/[^\\/:]+)*$/, 'expected a file name inside the bundle')
  .refine(
    (name) => !name.split('/').some((part) => part === '.' || part === '..'),
    'expected a file name inside the bundle'
  )

/**
 * bundle.json. Lengths in voxels unless the name says otherwise; lambda, beta, gamma and sigma in normalised units. Keys that are not
 * listed here are ignored, so that authors may add their own.
 */
export const manifestSchema = z.object({
  formatVersion: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  license: z.string().min(1),
  description: z.string(),
  training: z.object({
    method: z.enum(['cryogen-1', 'cryogen-2', 'cryowgen-1', 'cryowgen-2', 'other']),
    data: z.string(),
    date: z.string(),
    code: z.string().optional(),
    paper: z.string().optional()
  }),
  /** null where the training data's voxel size is unknown. */
  voxelSizeAngstrom: z.number().positive().nullable(),
  contrast: z.enum(['dark-on-light', 'light-on-dark']),
  normalization: normalizationSchema,
  patch: z.object({
    size: sizeSchema,
    multipleOf: voxels.default(1),
    halo: z.number().int().min(0).default(0),
    /** True where the graphs take `size` only. */
    fixed: z.boolean().default(false)
  }),
  latent: z.union([z.literal('volume'), z.object({ channels: voxels, stride: voxels })], {
    error: 'expected "volume" or { channels, stride }'
  }),
  prior: priorSchema.default({ kind: 'none' }),
  /** The wedge it was trained with. */
  wedge: trainedWedgeSchema.nullable().default(null),
  /** Noise standard deviation in the normalised volume. */
  noise: z.object({ sigma: z.number().positive() }).nullable().default(null),
  methods: z
    .object({
      'cryogen-1': requestedSettingsSchema.optional(),
      'cryogen-2': requestedSettingsSchema.optional(),
      'cryowgen-1': requestedSettingsSchema.optional(),
      'cryowgen-2': requestedSettingsSchema.optional()
    })
    .refine(
      (methods) => Object.values(methods).some((settings) => settings !== undefined),
      'expected at least one of cryogen-1, cryogen-2, cryowgen-1, cryowgen-2'
    ),
  files: z.record(fileNameSchema, z.string().regex(/^[0-9a-fA-F]{64}$/, 'expected a sha256 as 64 hexadecimal digits'))
})
export type Manifest = z.infer<typeof manifestSchema>

/** The wedge a bundle was trained with in the engine's form; null where it does not say. */
export function manifestWedge(manifest: Manifest): Wedge | null {
  if (!manifest.wedge) return null
  const { tiltRange, ...rest } = manifest.wedge
  return wedgeSchema.parse({ ...rest, tiltMin: tiltRange[0], tiltMax: tiltRange[1] })
}

const fieldHint = 'Correct bundle.json; docs/bundles.md lists every field.'

function describe(issue: z.core.$ZodIssue): string {
  const field = issue.path.length > 0 ? issue.path.map(String).join('.') : 'the document'
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined
  const message = (inner ?? issue.message)
    .replace(/^Invalid (input|option|string|format): /, '')
    .replace('received undefined', 'found nothing')
    .replace('received', 'found')
  return `${field}: ${message}`
}

/**
 * Reads bundle.json's text. Throws WedgeviewError `bundle-json` where it is not JSON and `bundle-field` where a field is wrong, naming
 * each such field and what was expected of it.
 */
export function parseManifest(text: string, where: string): Manifest {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new WedgeviewError(
      'input',
      'bundle-json',
      `${where} is not JSON: ${detail}.`,
      'Restore the file from the bundle’s author.',
      {
        cause
      }
    )
  }
  const version: unknown =
    typeof json === 'object' && json !== null && 'formatVersion' in json ? json.formatVersion : undefined
  if (typeof version === 'number' && version > 1)
    throw new WedgeviewError(
      'input',
      'bundle-field',
      `${where}: formatVersion: expected 1, found ${version}.`,
      'This bundle was made for a newer Wedgeview; update the program.'
    )
  const result = manifestSchema.safeParse(json)
  if (!result.success) {
    const issues = result.error.issues.map(describe)
    const shown = issues.slice(0, 5).join('; ') + (issues.length > 5 ? `; and ${issues.length - 5} more` : '')
    throw new WedgeviewError('input', 'bundle-field', `${where}: ${shown}.`, fieldHint)
  }
  return result.data
}
