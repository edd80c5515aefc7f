import { homedir } from 'node:os'
import { join } from 'node:path'
import type { PyramidCacheOptions } from './cache.ts'

/** Room for the pyramids of a few dozen tomograms: a pyramid takes about a seventh of an int16 file, less of a float32 one. */
const limitBytes = 8 * 2 ** 30

/** Where a user's programs keep what can be made again, on each system. */
export function userPyramidCache(env: Readonly<Record<string, string | undefined>>): PyramidCacheOptions {
  return { folder: join(cacheHome(env), 'wedgeview'), limitBytes }
}

function cacheHome(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
}
