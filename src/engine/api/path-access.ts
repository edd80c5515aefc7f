import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { WedgeviewError } from '../../shared/errors.ts'
import type { ApiOptions, PathPolicy } from './options.ts'

/** True where `path` is `folder` or lies below it. Both absolute and resolved. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/**
 * The path with every link in it followed. Where the file does not exist, the links of its existing
 * ancestors are followed, so that what is refused does not depend on what exists.
 */
export async function followLinks(path: string): Promise<string> {
  const absolute = resolve(path)
  try {
    return await realpath(absolute)
  } catch {
    const parent = dirname(absolute)
    return parent === absolute ? absolute : join(await followLinks(parent), basename(absolute))
  }
}

export interface PathAccess {
  /**
   * The path to use for a path that a caller of the API named: absolute, links followed.
   * @throws WedgeviewError `bad-path` (not absolute), `path-not-allowed`
   */
  allowed(path: string): Promise<string>
  mayRead(resolvedPath: string): Promise<boolean>
}

/** What comes with the program may always be read; the rest is the mount's policy. */
export function pathAccess({ paths, resources }: Pick<ApiOptions, 'paths' | 'resources'>): PathAccess {
  const ownFolder = followLinks(resources)
  const mayRead = async (resolved: string): Promise<boolean> =>
    isInside(await ownFolder, resolved) || paths.mayRead(resolved)
  return {
    mayRead,
    async allowed(path) {
      if (!isAbsolute(path) || path.includes('\0')) {
        throw new WedgeviewError('usage', 'bad-path', `${path} is not an absolute path.`, 'Give the whole path.')
      }
      const resolved = await followLinks(path)
      if (await mayRead(resolved)) return resolved
      throw new WedgeviewError(
        'input',
        'path-not-allowed',
        `${path} may not be opened here.`,
        'Open it with the file dialog, or start the program with that file or its folder.'
      )
    }
  }
}

/** The policy of a browser mount: what lies in these folders, and what the program makes itself. */
export async function folderPolicy(folders: readonly string[]): Promise<PathPolicy> {
  const granted = new Set(await Promise.all(folders.map(followLinks)))
  return {
    mayRead: (path) => [...granted].some((folder) => isInside(folder, path)),
    grant: (path) => void granted.add(resolve(path))
  }
}
