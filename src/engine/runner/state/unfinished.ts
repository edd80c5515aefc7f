import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { WedgeviewError } from '../../../shared/errors.ts'
import { reconstructRequestSchema } from '../../../shared/jobs.ts'
import { chosenSettingSchema, requestedSettingsSchema } from '../../../shared/settings.ts'
import { continuedFromSchema, warningSchema } from '../../../shared/runs.ts'
import { tilePlanSchema } from '../../sampling/tiles/plan-schema.ts'
import { isAlive } from '../../posterior/staging.ts'
import { identitySchema } from './identity.ts'
import { isRunning, isSupervised, ownerSchema, thisProcess } from './owner.ts'
import { openStateFile, readStateFile, writeStateFile } from './state-file.ts'

/** What was decided before the first step, so that a resumed run decides nothing anew. */
export const decisionsSchema = z.object({
  settings: requestedSettingsSchema.required(),
  chosen: z.array(chosenSettingSchema),
  plan: tilePlanSchema,
  normalisation: z.object({ mean: z.number(), std: z.number() }),
  /** In grey values; `settings` has it in normalised units. */
  threshold: z.number().nullable(),
  /** Where the chains were said to start; the starts themselves are kept beside. */
  continuedFrom: continuedFromSchema.optional(),
  warnings: z.array(warningSchema),
  /** The device that 'auto' found fastest; absent until the first step, and where a device was asked for by name. */
  device: z.object({ device: z.enum(['cpu', 'cuda', 'webgpu']), reason: z.string() }).optional()
})
export type Decisions = z.infer<typeof decisionsSchema>

const jobSchema = z.object({
  /** Of this folder's layout. */
  stateVersion: z.literal(2),
  /** As it was asked for: who resumes it in a window has nothing else to go by. */
  request: reconstructRequestSchema,
  identity: identitySchema,
  decisions: decisionsSchema,
  startedAt: z.string(),
  /** How often it was resumed. */
  resumed: z.number().int()
})
export type UnfinishedJob = z.infer<typeof jobSchema>

/** `state/` in the run folder: all there is in it until the run is complete. */
export function statePathOf(outPath: string): string {
  return join(outPath, 'state')
}

const jobFile = 'job.json'
const ownerFile = 'owner.json'

/** The state of a run that is being computed, owned by this process. */
export class UnfinishedRun {
  readonly outPath: string
  #job: UnfinishedJob
  /** The first folder above OUT that was made for it. */
  readonly #made: string | null

  private constructor(outPath: string, job: UnfinishedJob, made: string | null = null) {
    this.outPath = outPath
    this.#job = job
    this.#made = made
  }

  get job(): UnfinishedJob {
    return this.#job
  }

  /** Makes OUT with nothing but state/ in it. OUT must not exist. @throws what mkdir throws, EEXIST above all */
  static async begin(outPath: string, job: UnfinishedJob): Promise<UnfinishedRun> {
    const made = await mkdir(dirname(outPath), { recursive: true })
    await mkdir(outPath)
    const run = new UnfinishedRun(outPath, job, made ?? null)
    try {
      await mkdir(statePathOf(outPath))
      await run.#claim(job)
      return run
    } catch (error) {
      await run.discard()
      throw error
    }
  }

  /**
   * Reads what a run left that was killed. A process that has lost its supervisor is waited for: it ends after its step.
   *
   * @throws {WedgeviewError} usage / nothing-to-resume, run-in-progress, state-unreadable
   */
  static async open(outPath: string, signal: AbortSignal): Promise<UnfinishedRun> {
    await ownerGone(outPath, signal)
    const text = await readFile(join(statePathOf(outPath), jobFile), 'utf8').catch(() => null)
    if (text === null) throw nothingToResume(outPath)
    const parsed = jobSchema.safeParse(jsonOrNull(text))
    if (!parsed.success) throw unreadable(outPath)
    return new UnfinishedRun(outPath, parsed.data)
  }

  /** Makes it this process's own. Only after everything was found to be the same. */
  async takeOver(): Promise<void> {
    await this.#claim({ ...this.#job, resumed: this.#job.resumed + 1 })
  }

  /** Adds what was decided later, for a run that goes on from here. */
  async decide(part: Partial<Decisions>): Promise<void> {
    const job = { ...this.#job, decisions: { ...this.#job.decisions, ...part } }
    await this.#writeJob(job)
    this.#job = job
  }

  /** Keeps a value under a name, in place of the one before. */
  save(name: string, value: unknown): Promise<void> {
    return writeStateFile(this.#path(name), value)
  }

  /** null where nothing was kept under this name. @throws {WedgeviewError} usage / state-unreadable */
  async load(name: string): Promise<unknown> {
    try {
      return await readStateFile(this.#path(name))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw unreadable(this.outPath)
    }
  }

  /** As load, with arrays left on the disk. @throws {WedgeviewError} usage / state-unreadable */
  async openValue(name: string): Promise<unknown> {
    try {
      return await openStateFile(this.#path(name))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw unreadable(this.outPath)
    }
  }

  /** Leaves nothing of it, nor of the folders that were made for it. */
  async discard(): Promise<void> {
    await discardState(this.outPath)
    if (this.#made === null) return
    for (let path = dirname(this.outPath); path.startsWith(this.#made); path = dirname(path))
      await rmdir(path).catch(() => undefined)
  }

  #path(name: string): string {
    return join(statePathOf(this.outPath), name)
  }

  async #claim(job: UnfinishedJob): Promise<void> {
    await replaceFile(this.#path(ownerFile), JSON.stringify(thisProcess()))
    await this.#writeJob(job)
    this.#job = job
  }

  #writeJob(job: UnfinishedJob): Promise<void> {
    return replaceFile(this.#path(jobFile), `${JSON.stringify(job, null, 2)}\n`)
  }
}

/** What an unfinished run has kept, for whoever only looks; null where there is none that can be read. Its state may change meanwhile. */
export async function readUnfinished(
  outPath: string
): Promise<{ job: UnfinishedJob; load(name: string): Promise<unknown> } | null> {
  const text = await readFile(join(statePathOf(outPath), jobFile), 'utf8').catch(() => null)
  const parsed = text === null ? null : jobSchema.safeParse(jsonOrNull(text))
  if (!parsed?.success) return null
  const load = (name: string): Promise<unknown> => readStateFile(join(statePathOf(outPath), name)).catch(() => null)
  return { job: parsed.data, load }
}

/** Whether a run was begun in OUT and not finished. */
export async function isUnfinished(outPath: string): Promise<boolean> {
  return (await namesIn(statePathOf(outPath))).includes(jobFile)
}

/** Whether an unfinished run has got somewhere: more than its beginning is kept. */
export async function hasProgress(outPath: string): Promise<boolean> {
  const names = await namesIn(statePathOf(outPath))
  const beginning = [jobFile, ownerFile, 'starts.state']
  return names.some((name) => !beginning.includes(name) && !name.endsWith('.new'))
}

/** Removes state/, and OUT where nothing else is in it. */
export async function discardState(outPath: string): Promise<void> {
  await rm(statePathOf(outPath), { recursive: true, force: true })
  await rmdir(outPath).catch(() => undefined)
}

/** Removes the state of a process that has been ended, and of no other one. */
export async function discardStateOf(outPath: string, pid: number | null): Promise<void> {
  const owner = await ownerOf(outPath)
  if (owner && owner.pid === pid) await discardState(outPath)
}

/**
 * Removes an unfinished run that nobody wants. A process that has lost its supervisor is waited for.
 *
 * @throws {WedgeviewError} usage / nothing-to-resume, run-in-progress, state-unreadable
 */
export async function discardUnfinished(outPath: string, signal: AbortSignal): Promise<void> {
  await UnfinishedRun.open(outPath, signal)
  await discardState(outPath)
}

/** Runs that were begun and not finished, directly inside a folder, and that no process works on but for one that is about to end. */
export async function findUnfinished(folder: string): Promise<string[]> {
  const names = await namesIn(folder)
  const found: string[] = []
  for (const name of names) {
    const path = join(folder, name)
    if ((await isUnfinished(path)) && !(await isOwned(path))) found.push(path)
  }
  return found
}

async function ownerOf(outPath: string): Promise<z.infer<typeof ownerSchema> | null> {
  const text = await readFile(join(statePathOf(outPath), ownerFile), 'utf8').catch(() => null)
  return text === null ? null : (ownerSchema.safeParse(jsonOrNull(text)).data ?? null)
}

async function isOwned(outPath: string): Promise<boolean> {
  const owner = await ownerOf(outPath)
  return owner !== null && isSupervised(owner)
}

const leftAloneSeconds = 60
const pollMilliseconds = 50

/** @throws {WedgeviewError} usage / run-in-progress */
async function ownerGone(outPath: string, signal: AbortSignal): Promise<void> {
  const owner = await ownerOf(outPath)
  if (!owner || owner.pid === process.pid) return
  for (let waited = 0; isRunning(owner); waited += pollMilliseconds) {
    if (isSupervised(owner) || waited > 1000 * leftAloneSeconds)
      throw new WedgeviewError(
        'usage',
        'run-in-progress',
        `The run in ${outPath} is being computed by process ${owner.pid}.`,
        isAlive(owner.parent) ? 'Wait for it, or cancel it first.' : 'End that process first.'
      )
    await wait(pollMilliseconds, undefined, { signal })
  }
}

/** Empty where there is no such folder. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { flush: true })
  await rename(`${path}.new`, path)
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

export function nothingToResume(outPath: string): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'nothing-to-resume',
    `There is no interrupted run in ${outPath}.`,
    'Start it without --resume; a run that was cancelled leaves nothing to resume.'
  )
}

function unreadable(outPath: string): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'state-unreadable',
    `${statePathOf(outPath)} was left by another version of the program, or is damaged.`,
    `Remove ${outPath} and start again without --resume.`
  )
}
