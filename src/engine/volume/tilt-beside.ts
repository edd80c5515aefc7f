import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { VolumeInfo } from '../../shared/volumes.ts'

/** Tilt files are a few kilobytes; anything much larger is something else under that name. */
const byteLimit = 4 << 20

/** A tilt axis this close to upright in the recorded images is y in the reconstruction, whether or not they were turned for it. */
const uprightDegrees = 10

/**
 * The tilt range from a file beside the tomogram, as SerialEM and IMOD leave it there. Refined angles (.tlt) win over recorded ones
 * (.rawtlt, .mdoc). `TS_01_full_rec.mrc` also looks for `TS_01.tlt`.
 *
 * A SerialEM record also tells how the tilt axis lay in the recorded images (`axisAngleDegrees`). That is the reconstruction's y where it was
 * upright already. Where it was not, programs turn the images until it is (IMOD, AreTomo) or don't, and the record can't tell: the axis is
 * null then.
 */
export async function tiltBeside(path: string): Promise<VolumeInfo['tilt']> {
  const { angleFiles, records } = candidates(path)
  const axisAngleDegrees = await recordedAxisAngle(records)
  const isUpright = axisAngleDegrees !== null && Math.abs(turned(axisAngleDegrees)) <= uprightDegrees
  for (const candidate of [...angleFiles, ...records]) {
    const angles = await readAngles(candidate)
    if (angles.length < 2) continue
    const min = Math.min(...angles)
    const max = Math.max(...angles)
    if (max > min) return { min, max, axis: isUpright ? 'y' : null, source: candidate, axisAngleDegrees }
  }
  return null
}

/** An axis has no direction: -90 to 90. */
function turned(degrees: number): number {
  return degrees - 180 * Math.round(degrees / 180)
}

/** Degrees from the images' vertical to the tilt axis, counter-clockwise, from the first record that tells; else null. */
async function recordedAxisAngle(records: readonly string[]): Promise<number | null> {
  for (const record of records) {
    const text = await readSmall(record)
    const found =
      /Tilt axis angle\s*=\s*(-?[\d.]+)/i.exec(text)?.[1] ?? /^\s*RotationAngle\s*=\s*(\S+)/m.exec(text)?.[1]
    const degrees = Number(found ?? Number.NaN)
    if (Number.isFinite(degrees)) return degrees
  }
  return null
}

function candidates(path: string): { angleFiles: string[]; records: string[] } {
  const folder = dirname(path)
  const name = basename(path)
  const uncompressed = name.replace(/\.(gz|bz2)$/i, '')
  const stem = basename(uncompressed, extname(uncompressed))
  const series = stem.replace(/(_full)?(_rec)?$/i, '')
  const stems = [...new Set([stem, series])].filter((each) => each !== '')
  const angleFiles = ['.tlt', '.rawtlt'].flatMap((ending) => stems.map((each) => each + ending))
  const records = [name, uncompressed, ...stems.flatMap((each) => [`${each}.mrc`, `${each}.st`, each])]
  const inFolder = (name: string): string => join(folder, name)
  return {
    angleFiles: angleFiles.map(inFolder),
    records: [...new Set(records.map((each) => `${each}.mdoc`))].map(inFolder)
  }
}

async function readAngles(path: string): Promise<number[]> {
  const text = await readSmall(path)
  const isRecord = path.endsWith('.mdoc')
  const lines = text.split(/\r?\n/)
  const values = isRecord
    ? lines.flatMap((line) => /^\s*TiltAngle\s*=\s*(\S+)/.exec(line)?.[1] ?? [])
    : lines.map((line) => line.trim()).filter((line) => line !== '')
  const angles = values.map(Number)
  return angles.every((angle) => Number.isFinite(angle) && Math.abs(angle) <= 90) ? angles : []
}

/** Most tomograms have no such file; one that can't be read is as good as none. */
async function readSmall(path: string): Promise<string> {
  try {
    return (await stat(path)).size > byteLimit ? '' : await readFile(path, 'utf8')
  } catch {
    return ''
  }
}
