import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { userCacheFolder } from './compile-cache.ts'
import type { Accelerator } from './device-support.ts'

/**
 * A driver that crashes takes the process with it, and the process that is started in its place would try it again. So a
 * note is left while a device is tried: one that outlived its process tells of the crash.
 */
const noteSchema = z.object({ pid: z.number(), startedAt: z.number() })

/** After this time a device gets another chance: drivers are updated. */
const heededForMilliseconds = 24 * 3600_000

const noteFile = (folder: string, device: Accelerator): string => join(folder, `${device}.json`)

export function trialFolder(): string {
  return userCacheFolder('device-trials')
}

/** When a process died while it tried this device, within the last day; else null. */
export async function lastCrash(device: Accelerator, folder: string = trialFolder()): Promise<Date | null> {
  const text = await readFile(noteFile(folder, device), 'utf8').catch(() => null)
  if (text === null) return null
  const note = noteSchema.safeParse(jsonOrNull(text))
  if (!note.success || Date.now() - note.data.startedAt > heededForMilliseconds || isAlive(note.data.pid)) return null
  return new Date(note.data.startedAt)
}

/** Runs `work` with a note left meanwhile. */
export async function onTrial<T>(
  device: Accelerator,
  work: () => Promise<T>,
  folder: string = trialFolder()
): Promise<T> {
  const note = JSON.stringify({ pid: process.pid, startedAt: Date.now() })
  // Where the cache can't be written the trial goes on without the safeguard.
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined)
  await writeFile(noteFile(folder, device), note).catch(() => undefined)
  try {
    return await work()
  } finally {
    await forgetTrial(device, folder)
  }
}

/** Gives a device another chance at once. */
export async function forgetTrial(device: Accelerator, folder: string = trialFolder()): Promise<void> {
  await rm(noteFile(folder, device), { force: true }).catch(() => undefined)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // A process of another user is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
