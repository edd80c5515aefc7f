import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PathPolicy } from '../engine/api/options.ts'
import { isInside } from '../engine/api/path-access.ts'

/**
 * Which paths the window may have opened. It draws what files say, so it is trusted with no path of its own
 * choice: only with those the person chose (dialog, drop, command line, double click) and with what lies in
 * folders the program itself made or ships (runs, samples, bundles).
 */
export class PathGrants implements PathPolicy {
  readonly #granted = new Set<string>()

  /** Grants one file, or one folder with everything below it, now and later. */
  grant(path: string): void {
    this.#granted.add(canonical(path))
  }

  /**
   * Whether the path may be opened. Symbolic links are followed first: a link inside a granted folder that
   * leaves it is refused.
   */
  mayRead(path: string): boolean {
    const target = canonical(path)
    return [...this.#granted].some((granted) => isInside(granted, target))
  }
}

/** The absolute path with links followed; as it is where nothing exists yet. */
function canonical(path: string): string {
  const absolute = resolve(path)
  try {
    return realpathSync(absolute)
  } catch {
    return absolute
  }
}
