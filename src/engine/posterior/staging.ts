import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** The folder a run is written in before it gets its name: beside it, so that a rename suffices. Tells whose it is. */
export function stagingPathOf(outPath: string, jobId: string): string {
  return join(dirname(outPath), `${basename(outPath)}.partial-${hostMark()}-${process.pid}-${jobId}`)
}

/** OUT, the host's mark and the process that it belongs to. */
const stagingName = /^(.+)\.partial-([0-9a-f]{8})-(\d+)-/

function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}

/**
 * Puts a complete run in the place of the unfinished one. Its state goes out of the way first, since only an empty folder can be
 * replaced; killed in between, the complete run is found beside and takes its place later (settleStaging).
 */
export async function takePlace(stagingPath: string, outPath: string): Promise<void> {
  const aside = `${stagingPath}.state`
  const hadState = await rename(join(outPath, 'state'), aside).then(
    () => true,
    () => false
  )
  try {
    // POSIX replaces an empty folder; Windows replaces none.
    if (hadState && process.platform === 'win32') await rmdir(outPath)
    await rename(stagingPath, outPath)
  } catch (error) {
    if (hadState) {
      await mkdir(outPath, { recursive: true })
      await rename(aside, join(outPath, 'state'))
    }
    throw error
  }
  await rm(aside, { recursive: true, force: true })
}

/**
 * Sees to what processes that were killed left beside run folders: a complete run takes the place that it was about to take, anything
 * else goes. Folders of processes that still run, or of other hosts, are left alone.
 */
export async function settleStaging(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const match = stagingName.exec(name)
    if (!match || match[2] !== hostMark() || isAlive(Number(match[3]))) continue
    const path = join(folder, name)
    const outPath = join(folder, match[1])
    const isComplete = !name.endsWith('.state') && existsSync(join(path, 'run.json'))
    const isWanted = isComplete && (await readdir(outPath).catch(() => [])).length === 0
    if (isWanted) await takePlace(path, outPath).catch(() => undefined)
    await rm(path, { recursive: true, force: true })
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is there, but belongs to somebody else.
    return errorCode(error) === 'EPERM'
  }
}

/** Flushes a folder's own entries, which the flushes of its files don't do. Windows can't, and needs not. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The system's error code, wherever in a chain of causes it is. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) return error.code
  return errorCode(error.cause)
}
