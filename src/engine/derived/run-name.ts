import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runNameSchema } from '../../shared/run-diagnostics.ts'

/** A name that a person gave to a run. It lies beside run.json, which is never changed. */
const file = 'name.json'

export async function readRunName(runPath: string): Promise<string | null> {
  try {
    return runNameSchema.parse(JSON.parse(await readFile(join(runPath, file), 'utf8'))).name || null
  } catch {
    // No name, or nothing that could be one.
    return null
  }
}

/** Null takes the name away. Written beside, flushed, renamed. */
export async function writeRunName(runPath: string, name: string | null): Promise<void> {
  const path = join(runPath, file)
  if (name === null) return rm(path, { force: true })
  const beside = `${path}.${process.pid}`
  const handle = await open(beside, 'w')
  try {
    await handle.writeFile(`${JSON.stringify({ name })}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, path)
}
