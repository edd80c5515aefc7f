import { toFailure } from '../../../shared/errors.ts'
import type { PyramidStatus, VolumeInfo } from '../../../shared/volumes.ts'
import type { ReaderThread } from '../reading/reader-thread.ts'
import type { Scans } from '../scans/scans.ts'
import { voxelCount } from '../volume.ts'
import type { CoarseLevel, Volume } from '../volume.ts'
import type { PyramidCache } from './cache.ts'
import { pyramidBytes } from './manifest.ts'
import { openPyramid } from './open.ts'
import type { Pyramid } from './open.ts'

/** Volumes smaller than this are read whole in the time a person calls "at once". */
export const pyramidThresholdBytes = 64 << 20

export const noPyramid: PyramidStatus = { state: 'none', fraction: 0, failure: null }
const ready: PyramidStatus = { state: 'ready', fraction: 1, failure: null }

export interface PyramidSurroundings {
  scans: Scans
  /** null: nothing may be kept on disk, and there are no pyramids but those that files bring. */
  cache: PyramidCache | null
  /** Folders in use, which must not be given up. */
  inUse: Set<string>
  thresholdBytes: number
  /** Reads slices of pyramids, where there is one. */
  thread: ReaderThread | null
}

/** The pyramid of one open volume: the file's own, one kept from before, or one that is made in the background. */
export class VolumePyramid {
  readonly #surroundings: PyramidSurroundings
  readonly #volume: Volume
  readonly #onStatus: (status: PyramidStatus) => void
  readonly #building = new AbortController()
  #pyramid: Pyramid | null = null
  #folder: string | null = null
  #status = noPyramid
  #work: Promise<void> = Promise.resolve()

  constructor(surroundings: PyramidSurroundings, volume: Volume, onStatus: (status: PyramidStatus) => void) {
    this.#surroundings = surroundings
    this.#volume = volume
    this.#onStatus = onStatus
  }

  get status(): PyramidStatus {
    return this.#status
  }

  /** Coarser levels, finest first; none while there is no pyramid. */
  get levels(): readonly CoarseLevel[] {
    return this.#pyramid?.levels ?? this.#volume.coarser ?? []
  }

  /** Finds the pyramid or starts to make it. Resolves when it is known which; the status is then right. */
  async start(identity: string | null): Promise<void> {
    const { cache, thresholdBytes, inUse } = this.#surroundings
    const { info, coarser } = this.#volume
    if (coarser && coarser.length > 0) {
      this.#status = ready
      return
    }
    if (!cache || identity === null || voxelBytes(info) < thresholdBytes) return
    const folder = cache.folderOf(info.path, identity)
    this.#folder = folder
    inUse.add(folder)
    this.#pyramid = await openPyramid(folder, this.#surroundings.thread)
    if (this.#pyramid) {
      this.#status = ready
      return
    }
    // It would push out all others and itself.
    if (pyramidBytes(info.size) > cache.limitBytes) return
    this.#status = { state: 'building', fraction: 0, failure: null }
    this.#work = this.#build(cache, folder, identity)
  }

  /** Abandons what is being made. */
  async close(): Promise<void> {
    this.#building.abort()
    await this.#work
    await this.#pyramid?.close()
    this.#pyramid = null
    if (this.#folder !== null) this.#surroundings.inUse.delete(this.#folder)
  }

  async #build(cache: PyramidCache, folder: string, identity: string): Promise<void> {
    const { scans, inUse } = this.#surroundings
    const { info } = this.#volume
    const { signal } = this.#building
    try {
      await cache.makeRoom(info.path, pyramidBytes(info.size), inUse)
      await scans.run(
        'pyramid',
        this.#volume,
        { folder, identity },
        { signal, onProgress: (fraction) => this.#tell({ state: 'building', fraction, failure: null }) }
      )
      this.#pyramid = await openPyramid(folder, this.#surroundings.thread)
      if (this.#pyramid) this.#tell(ready)
    } catch (error) {
      if (!signal.aborted) this.#tell({ state: 'failed', fraction: 0, failure: toFailure(error) })
    }
  }

  #tell(status: PyramidStatus): void {
    if (this.#building.signal.aborted) return
    this.#status = status
    this.#onStatus(status)
  }
}

/** Bytes of the voxels as stored, uncompressed. */
function voxelBytes({ size, dtype }: VolumeInfo): number {
  const bits = Number(/\d+/.exec(dtype)?.[0] ?? 32)
  return (voxelCount(size) * bits) / 8
}
