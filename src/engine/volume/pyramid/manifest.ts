import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { xyzSchema } from '../../../shared/axes.ts'
import type { XYZ } from '../../../shared/axes.ts'
import { levelBytes } from './bricks.ts'
import { halved } from './bin-sections.ts'

/** Grows when what is stored changes: pyramids of older versions are not read. */
const formatVersion = 1
/** Coarser levels than this save nothing. */
const coarsestEdge = 128

const manifestSchema = z.object({
  formatVersion: z.literal(formatVersion),
  path: z.string(),
  /** See fileIdentity: tells the file that was binned from a later one. */
  identity: z.string(),
  levels: z.array(z.object({ size: xyzSchema, file: z.string() }))
})
/** What a pyramid's folder holds. */
export type PyramidManifest = z.infer<typeof manifestSchema>

export const manifestName = 'pyramid.json'

export function newManifest(path: string, identity: string, size: XYZ): PyramidManifest {
  const levels = levelSizes(size).map((level, i) => ({ size: level, file: `level-${i + 1}.bricks` }))
  return { formatVersion, path, identity, levels }
}

/** Sizes of levels 1, 2, … of a volume, each half of the one before. */
export function levelSizes(size: XYZ): XYZ[] {
  const sizes: XYZ[] = []
  let level = size
  while (Math.max(level.x, level.y, level.z) > coarsestEdge) {
    level = { x: halved(level.x), y: halved(level.y), z: halved(level.z) }
    sizes.push(level)
  }
  return sizes
}

/** Bytes a pyramid takes on disk. */
export function pyramidBytes(size: XYZ): number {
  return levelSizes(size).reduce((sum, level) => sum + levelBytes(level), 0)
}

/** The name of the folder for a file's pyramid: the same file always has the same, a changed one another. */
export function pyramidName(path: string, identity: string): string {
  return createHash('sha256').update(`${formatVersion}\0${path}\0${identity}`).digest('hex').slice(0, 32)
}

/** Reads and checks a folder's manifest; null where it is no complete pyramid of this version. */
export async function readManifest(folder: string): Promise<PyramidManifest | null> {
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')))
    for (const { size, file } of manifest.levels)
      if ((await stat(join(folder, file))).size !== levelBytes(size)) return null
    return manifest
  } catch {
    return null
  }
}
