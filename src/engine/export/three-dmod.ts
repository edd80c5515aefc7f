import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A command line that opens a run's maps in IMOD's 3dmod: files of one size become times, stepped through with 1 and 2; its XYZ window (-xyz)
 * shows three planes as the window here does.
 */
export async function threeDmodCommand(runPath: string): Promise<string> {
  const files = await readdir(runPath)
  const maps = ['mean.mrc', 'map.mrc', 'std.mrc', 'wedge-share.mrc'].filter((file) => files.includes(file))
  const members = files.includes('members')
    ? (await readdir(join(runPath, 'members'))).filter((file) => file.endsWith('.mrc')).sort()
    : []
  const paths = [...maps, ...members.map((file) => join('members', file))].map((file) => join(runPath, file))
  return `3dmod -xyz ${paths.map(shellQuoted).join(' ')}`
}

/** For a POSIX shell: single quotes hold everything but themselves. */
function shellQuoted(path: string): string {
  return /^[\w./:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
