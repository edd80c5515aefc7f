import type { WedgeReport } from '../../../shared/api.ts'
import type { Plane } from '../../../shared/axes.ts'
import type { Contrast, Statistics } from '../../../shared/volumes.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { applyWedge } from '../apply-wedge.ts'
import { filteredSlice } from '../filters/filtered-slice.ts'
import type { FilteredSliceRequest } from '../filters/filtered-slice.ts'
import { volumeHistogram } from '../histogram.ts'
import type { VolumeHistogram } from '../histogram.ts'
import { buildPyramid } from '../pyramid/build.ts'
import type { PyramidTarget } from '../pyramid/build.ts'
import { volumeStatistics } from '../statistics.ts'
import type { ScanOptions, Slice, Volume } from '../volume.ts'
import { spectrumImage, wedgeReport } from '../wedge-report.ts'
import type { GivenWedge } from '../wedge-report.ts'

/** What a task may know of its surroundings besides the volume. */
export interface ScanHooks extends ScanOptions {
  signal: AbortSignal
  onProgress(fraction: number): void
  /** Resolves at once, or when those in a greater hurry are done with the disk. */
  turn(): Promise<void>
}

/** Long work on a volume, by name: input and result are plain data, so that they can cross to a worker thread and back. */
export interface ScanTasks {
  statistics: { input: null; result: Statistics }
  histogram: { input: { range: Contrast; bins: number }; result: VolumeHistogram }
  wedge: { input: GivenWedge; result: WedgeReport }
  spectrum: { input: { plane: Plane }; result: Slice }
  /** A slab, smoothed or band-passed slice. */
  filter: { input: FilteredSliceRequest; result: Slice }
  /** Writes T_M of the volume as a file, see applyWedge. */
  'apply-wedge': { input: { wedge: Wedge; outPath: string; label: string }; result: Statistics }
  /** Makes the pyramid of a large file, see buildPyramid. */
  pyramid: { input: PyramidTarget; result: null }
}

export type ScanTaskName = keyof ScanTasks

type Implementations = {
  readonly [Name in ScanTaskName]: (
    volume: Volume,
    input: ScanTasks[Name]['input'],
    hooks: ScanHooks
  ) => Promise<ScanTasks[Name]['result']>
}

export const scanTasks: Implementations = {
  statistics: (volume, _, hooks) => volumeStatistics(volume, hooks),
  histogram: (volume, { range, bins }, hooks) => volumeHistogram(volume, range, bins, hooks),
  wedge: (volume, axes, hooks) => wedgeReport(volume, axes, hooks),
  spectrum: (volume, { plane }, hooks) => spectrumImage(volume, plane, hooks),
  filter: (volume, request, { signal }) => filteredSlice(volume, request, { signal }),
  'apply-wedge': (volume, { wedge, outPath, label }, hooks) =>
    applyWedge(volume, wedge, outPath, label, { ...hooks, slabVoxels: slabVoxelsOf(volume) }),
  pyramid: (volume, target, hooks) => buildPyramid(volume, target, hooks).then(() => null)
}

/** Maps in memory are filtered in the thread that answers requests, so in turns of some 50 ms. */
function slabVoxelsOf({ info }: Volume): number | undefined {
  return info.format === 'memory' ? 1 << 19 : undefined
}
