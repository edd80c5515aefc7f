import { z } from 'zod'
import { truncatedSchema } from '../api.ts'
import { probabilityEstimateSchema, volumePartSchema } from '../derived.ts'
import { methodIdSchema } from '../methods.ts'
import { sessionStateSchema } from './state.ts'

export const sessionFormat = 'wedgeview-session'
export const sessionVersion = 2
export const sessionExtension = 'wedgeview'

export function isSessionName(name: string): boolean {
  return name.toLowerCase().endsWith(`.${sessionExtension}`)
}

const key = z.string().min(1).max(200)
const path = z.string().min(1).max(4096)

/** Tells a file from another of its name without reading all of it: its length, and a hash of its beginning, middle and end. */
const fileIdentitySchema = z.object({ bytes: z.number().int().min(0), sampledSha256: z.string().max(64) })
export type SampledIdentity = z.infer<typeof fileIdentitySchema>

/**
 * Where something lies: relative to the session's folder with forward slashes, `wedgeview:` and a path for what comes with the program,
 * absolute only where neither can be (another drive). `lastSeen` is the whole path, for a session that was moved alone.
 */
const placed = { path, lastSeen: path.nullable().default(null) }

export const sessionTomogramSchema = z.object({
  key,
  ...placed,
  identity: fileIdentitySchema.nullable().default(null),
  truncated: truncatedSchema.default('refuse')
})
export type SessionTomogram = z.infer<typeof sessionTomogramSchema>

const runSchema = z.object({ key, ...placed, file: key, method: methodIdSchema })
export type SessionRun = z.infer<typeof runSchema>

/** What the state's volumes are. `map` names a file of a run folder: mean, std, member-001. */
export const sessionVolumeSchema = z.discriminatedUnion('kind', [
  z.object({ key, kind: z.literal('tomogram'), file: key }),
  z.object({ key, kind: z.literal('map'), run: key, map: z.string().min(1).max(200) }),
  z.object({ key, kind: z.literal('part'), of: key, part: volumePartSchema }),
  z.object({
    key,
    kind: z.literal('probability'),
    run: key,
    threshold: z.number(),
    estimate: probabilityEstimateSchema
  }),
  z.object({ key, kind: z.literal('resampled'), of: key, onto: key })
])
export type SessionVolume = z.infer<typeof sessionVolumeSchema>

export const sessionBundleSchema = z.object({ ...placed, name: z.string(), sha256: z.string() })

/** A `.wedgeview` file: what was open, and how it was looked at. JSON. */
export const sessionFileSchema = z.object({
  format: z.literal(sessionFormat),
  version: z.literal(sessionVersion),
  /** Of the program that wrote it. */
  program: z.string().max(100),
  savedAt: z.string().max(100),
  files: z.array(sessionTomogramSchema).max(1000),
  runs: z.array(runSchema).max(10_000),
  volumes: z.array(sessionVolumeSchema).max(100_000),
  bundle: sessionBundleSchema.nullable(),
  state: sessionStateSchema
})
export type SessionFile = z.infer<typeof sessionFileSchema>
