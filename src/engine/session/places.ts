import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { isInside } from '../api/path-access.ts'

/** A path as a session holds it. */
export interface Placed {
  path: string
  lastSeen: string | null
}

/** Begins paths of what comes with the program, which lies elsewhere on every machine. */
const shipped = 'wedgeview:'

/**
 * How a session in `folder` names an absolute path: relative, with forward slashes, so that a folder of tomograms and sessions can be moved
 * or mounted elsewhere.
 */
export function placedFrom(path: string, folder: string, resources: string): Placed {
  if (isInside(resources, path)) return { path: shipped + withSlashes(relative(resources, path)), lastSeen: null }
  const way = relative(folder, path)
  return { path: isAbsolute(way) ? path : withSlashes(way), lastSeen: path }
}

/** Where what a session in `folder` names may lie now, the likeliest first: where it lay beside the session, where it lay, right beside the session. */
export function candidatesOf({ path, lastSeen }: Placed, folder: string, resources: string): string[] {
  if (path.startsWith(shipped)) {
    const inside = resolve(resources, path.slice(shipped.length))
    return isInside(resources, inside) ? [inside] : []
  }
  const own = path.split(/[\\/]/).join(sep)
  const paths = [resolve(folder, own), ...(lastSeen && isAbsolute(lastSeen) ? [lastSeen] : [])]
  return [...new Set([...paths, join(folder, basename(own))])]
}

/** Where a file lies that went along when its neighbour was found at `found`: the same way from there as before. */
export function besideFound(missing: Placed, neighbour: Placed, found: string): string[] {
  const way = relative(dirname(neighbour.path), missing.path)
  return [...new Set([resolve(dirname(found), way), join(dirname(found), basename(missing.path))])]
}

function withSlashes(path: string): string {
  return path.split(sep).join('/')
}
