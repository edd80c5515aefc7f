import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Streams a response's body to a file. The bytes go to a file beside it, which is renamed once they are on
 * the disk: a full disk or a crash leaves the old file, or none, never half of one.
 *
 * @throws what the body or the file system throws; then nothing is left behind
 */
export async function saveResponseBody(response: Response, path: string): Promise<void> {
  if (!response.body) throw new Error('the answer has no body')
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
  const file = await open(beside, 'wx')
  try {
    try {
      for await (const chunk of response.body) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
