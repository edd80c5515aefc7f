import { join } from 'node:path'
import { planeAxes } from '../../../shared/axes.ts'
import type { Plane } from '../../../shared/axes.ts'
import type { Contrast, Statistics } from '../../../shared/volumes.ts'
import { robustContrast } from '../contrast.ts'
import { convertVolume } from '../convert.ts'
import { fileIdentity } from '../file-identity.ts'
import { openVolume } from '../open-volume.ts'
import { buildPyramid } from '../pyramid/build.ts'
import { openPyramid } from '../pyramid/open.ts'
import { volumeStatistics } from '../statistics.ts'
import { picks, wrongVoxels } from './sparse-volume.ts'
import type { SparseVolume } from './sparse-volume.ts'

/**
 * A process of its own, so that its memory is that of the work: opens a file of gigabytes, reads slices of it, scans and converts it, and
 * sends what it found to its parent.
 */
export interface LargeFileJob {
  volume: Omit<SparseVolume, 'rows'> & { rows: number[] }
  /** Slices to read, of each plane. */
  slices: Record<Plane, number>
  folder: string
  /** Also makes the pyramid. */
  pyramid: boolean
}

export interface LargeFileReport {
  wrongVoxels: number
  contrast: Contrast
  statistics: Statistics
  /** What convert --bin 4 wrote. */
  binned: string
  /** Level 2 of the pyramid, one slice of each plane. */
  coarse: Partial<Record<Plane, { index: number; values: number[] }>>
  peakMegabytes: number
  seconds: Record<string, number>
}

async function work({ volume: given, slices, folder, pyramid: wantsPyramid }: LargeFileJob): Promise<LargeFileReport> {
  const expected: SparseVolume = { ...given, rows: new Set(given.rows) }
  const seconds: Record<string, number> = {}
  const timed = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const result = await action()
    seconds[name] = (performance.now() - start) / 1000
    return result
  }
  const volume = await timed('open', () => openVolume(expected.path))
  const contrast = await timed('contrast', () => robustContrast(volume))
  let wrong = 0
  for (const plane of ['xy', 'xz', 'yz'] as const) {
    const indices = picks(plane.charCodeAt(1), slices[plane], expected.size[planeAxes[plane].normal])
    await timed(plane, async () => {
      for (const index of indices)
        wrong += wrongVoxels(expected, plane, index, (await volume.readSlice(plane, index)).data)
    })
  }
  const statistics = await timed('statistics', () => volumeStatistics(volume))
  const binned = join(folder, `binned-${expected.type}.mrc`)
  await timed('convert --bin 4', () =>
    convertVolume(volume, binned, { type: null, bin: 4, roi: null, sigma: 0 }, 'large-file test')
  )
  const coarse: LargeFileReport['coarse'] = {}
  if (wantsPyramid) {
    const identity = String(await fileIdentity(expected.path))
    const hooks = { signal: new AbortController().signal, onProgress: () => undefined, turn: async () => undefined }
    const target = { folder: join(folder, 'pyramid'), identity }
    await timed('pyramid', () => buildPyramid(volume, target, hooks))
    const pyramid = await openPyramid(target.folder)
    for (const plane of ['xy', 'xz', 'yz'] as const) {
      const level = pyramid?.levels[1]
      if (!level) continue
      const index = picks(5, 1, level.size[planeAxes[plane].normal])[0]
      const slice = await timed(`${plane} of the pyramid`, () => level.readSlice(plane, index))
      coarse[plane] = { index, values: [...slice.data] }
    }
    await pyramid?.close()
  }
  await volume.close()
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  return { wrongVoxels: wrong, contrast, statistics, binned, coarse, peakMegabytes, seconds }
}

process.once('message', (job: LargeFileJob) => {
  void work(job).then(
    (report) => process.send?.(report, () => process.disconnect()),
    (error: unknown) => {
      console.error(error)
      process.exitCode = 1
      process.disconnect()
    }
  )
})
