import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BundleSummary } from '../../shared/bundles.ts'
import { summariseBundle } from '../bundle/check.ts'

interface Known {
  /** Tells a manifest from a later one at the same path. */
  manifestIdentity: string
  summary: BundleSummary
}

/** The bundles a window offers: those that come with the program, and those opened since it started. */
export class Bundles {
  readonly #shippedFolder: string
  readonly #opened = new Set<string>()
  readonly #known = new Map<string, Known>()

  constructor(resources: string) {
    this.#shippedFolder = join(resources, 'bundles')
  }

  /** A bundle that has become unusable since it was opened is left out; opening it again says why. */
  async list(): Promise<BundleSummary[]> {
    const names = await readdir(this.#shippedFolder).catch(() => [])
    const paths = new Set([...names.sort().map((name) => join(this.#shippedFolder, name)), ...this.#opened])
    const summaries = await Promise.all([...paths].map((path) => this.#summary(path).catch(() => null)))
    return summaries.filter((summary) => summary !== null)
  }

  /** Reads manifest, hashes and graphs; runs no network, which would hold up everything else. Errors as summariseBundle. */
  async open(path: string): Promise<BundleSummary> {
    const summary = await this.#summary(path)
    this.#opened.add(path)
    return summary
  }

  /**
   * Where a bundle with these contents lies: at `path`, where it was last, or among those listed; null where it is not found.
   */
  async find(sha256: string, path: string | null): Promise<string | null> {
    const there = path === null ? null : await this.#summary(path).catch(() => null)
    if (path !== null && there?.sha256 === sha256) return path
    return (await this.list()).find((summary) => summary.sha256 === sha256)?.path ?? null
  }

  async #summary(path: string): Promise<BundleSummary> {
    const manifestIdentity = await identityOf(join(path, 'bundle.json'))
    const known = this.#known.get(path)
    if (known && known.manifestIdentity === manifestIdentity) return known.summary
    const summary = await summariseBundle(path)
    this.#known.set(path, { manifestIdentity, summary })
    return summary
  }
}

async function identityOf(file: string): Promise<string> {
  const status = await stat(file).catch(() => null)
  return status ? [status.ino, status.size, status.mtimeMs].join(':') : 'none'
}
