import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { boxSize, toZYX, wholeBox, type Box, type ZYX } from '../../shared/axes.ts'
import type { Warning } from '../../shared/runs.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import type { Manifest } from '../bundle/manifest.ts'
import { openVolume } from '../volume/open-volume.ts'
import { assertReadable } from '../volume/readable-part.ts'
import type { RegionReader, RegionVoxels } from '../sampling/tiles/region-voxels.ts'
import { StatisticsAccumulator, volumeStatistics } from '../volume/statistics.ts'
import { assertBox, type Volume } from '../volume/volume.ts'
import { noNormalisation, normaliseInPlace, zScore, type Normalisation } from './normalisation.ts'

/** The region to reconstruct, as the networks take it. */
export interface NormalisedInput {
  readonly info: VolumeInfo
  readonly roi: Box
  readonly size: ZYX
  /** Normalised, finite, (z, y, x), x fastest; read from the file where it is too large to be held. */
  readonly volume: RegionVoxels
  readonly normalisation: Normalisation
  readonly warnings: readonly Warning[]
}

/** Opens a tomogram and makes sure that the region is inside it. @throws {WedgeviewError} input / roi-outside, mrc-truncated where the region is not in the file, and what openVolume throws */
export async function openInput(
  path: string,
  roi: Box | null,
  signal: AbortSignal
): Promise<{ volume: Volume; roi: Box }> {
  const volume = await openVolume(path, { signal, truncated: 'read' })
  try {
    const region = roi ?? wholeBox(volume.info.size)
    assertBox(volume.info, region)
    assertReadable(volume.info, region)
    return { volume, roi: region }
  } catch (error) {
    await volume.close()
    throw error
  }
}

/**
 * Reads the region and normalises it by the statistics of the whole tomogram (or of the region, where the bundle says so); by `known` where
 * that was decided before.
 *
 * @throws {WedgeviewError} input / no-contrast
 */
export async function readNormalised(
  volume: Volume,
  roi: Box,
  rule: Manifest['normalization'],
  signal: AbortSignal,
  known: Normalisation | null = null
): Promise<NormalisedInput & { volume: Float32Array }> {
  const values = await volume.readBox(roi, { signal })
  const normalisation = known ?? (await normalisationOf(volume, values, rule, signal))
  const replaced = normaliseInPlace(values, normalisation)
  const warnings = replacedWarnings(replaced)
  return { info: volume.info, roi, size: toZYX(boxSize(roi)), volume: values, normalisation, warnings }
}

function replacedWarnings(replaced: number): Warning[] {
  if (replaced === 0) return []
  const message = `${replaced} voxels of the region are not finite numbers; the tomogram's mean stood in for them.`
  return [{ code: 'voxels-not-finite', message }]
}

/** Sections of a region that is not held are looked at so many bytes at a time. */
const sectionBytes = 64 * 2 ** 20

/**
 * As readNormalised, for a region that is too large to be held: it is looked through once, and its boxes are read and normalised when they
 * are asked for. The volume has to stay open for that.
 *
 * @throws {WedgeviewError} input / no-contrast
 */
export async function readerOfNormalised(
  volume: Volume,
  roi: Box,
  rule: Manifest['normalization'],
  signal: AbortSignal,
  known: Normalisation | null = null
): Promise<NormalisedInput> {
  const size = toZYX(boxSize(roi))
  const isOwn = known === null && rule.kind === 'zscore' && rule.scope !== 'tomogram'
  const statistics = new StatisticsAccumulator()
  let replaced = 0
  const thickness = Math.max(1, Math.floor(sectionBytes / (4 * size[1] * size[2])))
  for (let z = roi.z[0]; z < roi.z[1]; z += thickness) {
    const part: Box = { ...roi, z: [z, Math.min(roi.z[1], z + thickness)] }
    const values = await volume.readBox(part, { signal })
    if (isOwn) statistics.add(values)
    for (const value of values) if (!Number.isFinite(value)) replaced++
  }
  const normalisation = isOwn
    ? zScore(statistics.result(), `the region of ${volume.info.path}`)
    : (known ?? (await normalisationOf(volume, new Float32Array(0), rule, signal)))
  const reader: RegionReader = {
    length: size[0] * size[1] * size[2],
    async read({ origin, size: [depth, height, width] }) {
      const [z, y, x] = [roi.z[0] + origin[0], roi.y[0] + origin[1], roi.x[0] + origin[2]]
      const values = await volume.readBox({ z: [z, z + depth], y: [y, y + height], x: [x, x + width] }, { signal })
      normaliseInPlace(values, normalisation)
      return values
    }
  }
  return { info: volume.info, roi, size, volume: reader, normalisation, warnings: replacedWarnings(replaced) }
}

async function normalisationOf(
  volume: Volume,
  region: Float32Array,
  rule: Manifest['normalization'],
  signal: AbortSignal
): Promise<Normalisation> {
  if (rule.kind === 'none') return noNormalisation
  if (rule.scope === 'tomogram') return zScore(await volumeStatistics(volume, { signal }), volume.info.path)
  const statistics = new StatisticsAccumulator()
  statistics.add(region)
  return zScore(statistics.result(), `the region of ${volume.info.path}`)
}

/** sha256 of a file as it lies on the disk, read in pieces. */
export async function fileSha256(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
