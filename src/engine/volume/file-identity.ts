import { stat } from 'node:fs/promises'

/** Tells a file from a later one at the same path. Null where there is none, and for folders, whose contents may change unseen. */
export async function fileIdentity(path: string): Promise<string | null> {
  try {
    const status = await stat(path)
    if (!status.isFile()) return null
    return [status.dev, status.ino, status.size, status.mtimeMs].join(':')
  } catch {
    // Opening says why, better than stat can.
    return null
  }
}
