import { z } from 'zod'
import { boxSchema } from '../../../shared/axes.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { ReconstructRequest } from '../../../shared/jobs.ts'
import { methodIdSchema } from '../../../shared/methods.ts'
import { deviceSchema, requestedSettingsSchema } from '../../../shared/settings.ts'
import { wedgeSchema } from '../../../shared/wedge.ts'
import { versionsInUse } from '../versions.ts'

/** Everything that a result depends on, as it was asked for. A run can only go on with the same. */
export const identitySchema = z.object({
  input: z.object({ path: z.string(), sha256: z.string() }),
  bundle: z.object({ name: z.string(), sha256: z.string() }),
  method: methodIdSchema,
  sampler: z.string(),
  wedge: wedgeSchema,
  roi: boxSchema,
  settings: requestedSettingsSchema,
  halfMaps: z.tuple([z.string(), z.string()]).optional(),
  device: deviceSchema,
  threads: z.number().nullable(),
  /** The run folder that the chains go on from. */
  continues: z.string().nullable(),
  versions: z.record(z.string(), z.string())
})
export type Identity = z.infer<typeof identitySchema>

export function identityOf(request: ReconstructRequest, found: Pick<Identity, 'input' | 'bundle' | 'roi'>): Identity {
  const { method, wedge, settings, halfMaps, device, threads, sampler, continueFrom } = request
  return {
    ...found,
    method,
    sampler: sampler ?? 'langevin',
    wedge,
    settings,
    ...(halfMaps && { halfMaps }),
    device,
    threads,
    continues: continueFrom?.runPath ?? null,
    versions: versionsInUse()
  }
}

/** @throws {WedgeviewError} input / resume-differs, naming everything that is not as it was */
export function assertSameIdentity(before: Identity, now: Identity, outPath: string): void {
  const differences = differencesOf(before, now)
  if (differences.length === 0) return
  throw new WedgeviewError(
    'input',
    'resume-differs',
    `The run in ${outPath} was begun with something else, so it can’t go on: ${differences.join('; ')}.`,
    'Resume it with what it was begun with, or start a new run in another folder.'
  )
}

function differencesOf(before: Identity, now: Identity): string[] {
  const found: string[] = []
  const compare = (what: string, a: unknown, b: unknown): void => {
    if (textOf(a) !== textOf(b)) found.push(`${what} was ${textOf(a)} and is ${textOf(b)}`)
  }
  if (before.input.sha256 !== now.input.sha256)
    found.push(`the input ${now.input.path} does not hold what ${before.input.path} held`)
  if (before.bundle.sha256 !== now.bundle.sha256)
    found.push(`the bundle ${now.bundle.name} is not the same as ${before.bundle.name} was`)
  compare('the method', before.method, now.method)
  compare('the sampler', before.sampler, now.sampler)
  compare('the region', before.roi, now.roi)
  compare('the wedge', before.wedge, now.wedge)
  compare('the half maps', before.halfMaps, now.halfMaps)
  const keys = new Set([...Object.keys(before.settings), ...Object.keys(now.settings)])
  for (const key of [...keys].sort())
    compare(`the setting ${key}`, Reflect.get(before.settings, key), Reflect.get(now.settings, key))
  compare('the device', before.device, now.device)
  compare('the number of threads', before.threads, now.threads)
  compare('the run gone on from', before.continues, now.continues)
  const programs = new Set([...Object.keys(before.versions), ...Object.keys(now.versions)])
  for (const name of [...programs].sort()) compare(`the version of ${name}`, before.versions[name], now.versions[name])
  return found
}

/** The same text for the same content, whatever the order of keys. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'not given'
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{ ${entries.map(([key, inner]) => `${key}: ${textOf(inner)}`).join(', ')} }`
}
