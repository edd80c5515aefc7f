import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { VolumeInfo } from '../../shared/volumes.ts'

/** Tilt files are a few kilobytes; anything much larger is something else under that name. */
const byteLimit = 4 << 20

/**
 * The tilt range from a file beside the tomogram, as SerialEM and IMOD leave it there. Refined angles
 * (.tlt) win over recorded ones (.rawtlt, .mdoc). `TS_01_full_rec.mrc` also looks for `TS_01.tlt`.
 * The axis is null: these files don't say which axis of the reconstruction is the tilt axis.
 */
export async function tiltBeside(path: string): Promise<VolumeInfo['tilt']> {
  for (const candidate of candidates(path)) {
    const angles = await readAngles(candidate)
    if (angles.length < 2) continue
    const min = Math.min(...angles)
    const max = Math.max(...angles)
    if (max > min) return { min, max, axis: null, source: candidate }
  }
  return null
}

function candidates(path: string): string[] {
  const folder = dirname(path)
  const name = basename(path)
  const uncompressed = name.replace(/\.(gz|bz2)$/i, '')
  const stem = basename(uncompressed, extname(uncompressed))
  const series = stem.replace(/(_full)?(_rec)?$/i, '')
  const stems = [...new Set([stem, series])].filter((each) => each !== '')
  const angleFiles = ['.tlt', '.rawtlt'].flatMap((ending) => stems.map((each) => each + ending))
  const records = [name, uncompressed, ...stems.flatMap((each) => [`${each}.mrc`, `${each}.st`, each])]
  return [...angleFiles, ...new Set(records.map((each) => `${each}.mdoc`))].map((each) => join(folder, each))
}

async function readAngles(path: string): Promise<number[]> {
  let text: string
  try {
    if ((await stat(path)).size > byteLimit) return []
    text = await readFile(path, 'utf8')
  } catch {
    // Most tomograms have no such file; one that can't be read is as good as none.
    return []
  }
  const isRecord = path.endsWith('.mdoc')
  const lines = text.split(/\r?\n/)
  const values = isRecord
    ? lines.flatMap((line) => /^\s*TiltAngle\s*=\s*(\S+)/.exec(line)?.[1] ?? [])
    : lines.map((line) => line.trim()).filter((line) => line !== '')
  const angles = values.map(Number)
  return angles.every((angle) => Number.isFinite(angle) && Math.abs(angle) <= 90) ? angles : []
}
