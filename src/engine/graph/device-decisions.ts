import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { userCacheFolder } from './compile-cache.ts'
import { compilerVersion } from './compile-key.ts'
import type { DeviceChoice } from './device.ts'
import type { MachineIdentity } from './machine-identity.ts'

/**
 * How devices were decided between, kept on disk so that processes agree: an estimate and the run that follows it time the same step under
 * different load, and would now and then decide differently.
 */
export interface DecisionStore {
  folder: string
}

/** Null when running from sources, as for compiled graphs. */
export function userDecisions(): DecisionStore | null {
  return compilerVersion === null ? null : { folder: decisionFolder() }
}

function decisionFolder(): string {
  return userCacheFolder('device-decisions')
}

/** What can't be seen to change, such as a driver on Windows or a device that failed for want of memory, is looked at again after this. */
const heldForMilliseconds = 7 * 24 * 3600_000

const decisionSchema = z.object({
  device: z.enum(['cpu', 'cuda', 'webgpu']),
  reason: z.string(),
  decidedAt: z.number()
})

/** What a key is made of. */
export interface DecisionFacts {
  /** Identifies the graph with its box and batch, how the device was asked for, and the threads. */
  subject: string
  /** The program's compiler and onnxruntime, as compilerVersion. */
  compiler: string
  machine: MachineIdentity
  /** Devices that are left out for a crash: once that is over, or doctor has cleared them, they are timed. */
  crashed: readonly string[]
}

export function decisionKey({ subject, compiler, machine, crashed }: DecisionFacts): string {
  return createHash('sha256').update(JSON.stringify({ subject, compiler, machine, crashed })).digest('hex')
}

const suffix = '.json'
const fileOf = ({ folder }: DecisionStore, key: string): string => join(folder, key + suffix)

/** What was decided under a key; null where nothing was, lately. */
export async function recallDecision(
  store: DecisionStore,
  key: string,
  now: number = Date.now()
): Promise<DeviceChoice | null> {
  const text = await readFile(fileOf(store, key), 'utf8').catch(() => null)
  if (text === null) return null
  const found = decisionSchema.safeParse(jsonOrNull(text))
  if (!found.success || now - found.data.decidedAt >= heldForMilliseconds) return null
  const { device, reason } = found.data
  return { device, reason }
}

/**
 * Keeps a decision, and returns the one that holds: another process that decided meanwhile was first. A store that can't
 * be written only means that others decide for themselves.
 */
export async function keepDecision(
  store: DecisionStore,
  key: string,
  { device, reason }: DeviceChoice,
  now: number = Date.now()
): Promise<DeviceChoice> {
  const path = fileOf(store, key)
  const beside = `${path}.${randomUUID()}.writing`
  try {
    await mkdir(store.folder, { recursive: true, mode: 0o700 })
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify({ device, reason, decidedAt: now }))
      await file.sync()
    } finally {
      await file.close()
    }
    try {
      // Fails where there is one, as a rename would not.
      await link(beside, path)
    } catch {
      const first = await recallDecision(store, key, now)
      if (first) return first
      await rename(beside, path)
    }
    await sweep(store, now)
  } catch {
    return { device, reason }
  } finally {
    await rm(beside, { force: true }).catch(() => undefined)
  }
  return { device, reason }
}

export async function forgetDecision(store: DecisionStore, key: string): Promise<void> {
  await rm(fileOf(store, key), { force: true }).catch(() => undefined)
}

/** Has everything decided anew: `wedgeview doctor`. */
export async function forgetDecisions(folder: string = decisionFolder()): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
}

/** Removes what no longer holds, and what killed processes left half-written. */
async function sweep({ folder }: DecisionStore, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => null)
    if (info && now - info.mtimeMs > heldForMilliseconds) await rm(path, { force: true })
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
