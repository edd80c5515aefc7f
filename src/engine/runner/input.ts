import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { boxSize, toZYX, wholeBox, type Box, type ZYX } from '../../shared/axes.ts'
import type { Warning } from '../../shared/runs.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import type { Manifest } from '../bundle/manifest.ts'
import { openVolume } from '../volume/open-volume.ts'
import { assertReadable } from '../volume/readable-part.ts'
import { StatisticsAccumulator, volumeStatistics } from '../volume/statistics.ts'
import { assertBox, type Volume } from '../volume/volume.ts'
import { noNormalisation, normaliseInPlace, zScore, type Normalisation } from './normalisation.ts'

/** The region to reconstruct, as the networks take it. */
export interface NormalisedInput {
  readonly info: VolumeInfo
  readonly roi: Box
  readonly size: ZYX
  /** Normalised, finite, (z, y, x), x fastest. */
  readonly volume: Float32Array
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
): Promise<NormalisedInput> {
  const values = await volume.readBox(roi, { signal })
  const normalisation = known ?? (await normalisationOf(volume, values, rule, signal))
  const replaced = normaliseInPlace(values, normalisation)
  const warnings: Warning[] = []
  if (replaced > 0)
    warnings.push({
      code: 'voxels-not-finite',
      message: `${replaced} voxels of the region are not finite numbers; the tomogram's mean stood in for them.`
    })
  return { info: volume.info, roi, size: toZYX(boxSize(roi)), volume: values, normalisation, warnings }
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
