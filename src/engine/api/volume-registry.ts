import { basename } from 'node:path'
import type { Truncated } from '../../shared/api.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Box } from '../../shared/axes.ts'
import type { ApiEvent } from '../../shared/jobs.ts'
import type { Contrast, OpenVolume, PyramidStatus, Statistics } from '../../shared/volumes.ts'
import { readBlock } from '../volume/block.ts'
import type { Block } from '../volume/block.ts'
import { robustContrast } from '../volume/contrast.ts'
import { fileIdentity } from '../volume/file-identity.ts'
import { histogramRange } from '../volume/histogram.ts'
import type { VolumeHistogram } from '../volume/histogram.ts'
import { openVolume } from '../volume/open-volume.ts'
import { PyramidCache } from '../volume/pyramid/cache.ts'
import { pyramidThresholdBytes, VolumePyramid } from '../volume/pyramid/volume-pyramid.ts'
import type { PyramidSurroundings } from '../volume/pyramid/volume-pyramid.ts'
import { ReadQueue } from '../volume/read-queue.ts'
import { ReaderThread } from '../volume/reading/reader-thread.ts'
import type { Scans } from '../volume/scans/scans.ts'
import type { ScanTaskName, ScanTasks } from '../volume/scans/tasks.ts'
import { SharedReads } from '../volume/shared-reads.ts'
import { SliceCache } from '../volume/slice-cache.ts'
import { SliceServer } from '../volume/slice-server.ts'
import type { Volume } from '../volume/volume.ts'
import type { ApiOptions } from './options.ts'

/** Enough for a few hundred slices of 1024 x 1024. */
const sliceCacheBytes = 512 << 20

interface Entry {
  description: OpenVolume
  volume: Volume
  slices: SliceServer
  pyramid: VolumePyramid
  /** Tells a file from a later one at the same path; null for maps. */
  fileIdentity: string | null
  known: KnownScans
}

/** Scans of an entry's present voxels, under way and done. */
class KnownScans {
  readonly statisticsReads = new SharedReads<Statistics>()
  readonly histogramReads = new SharedReads<VolumeHistogram>()
  readonly histograms = new Map<string, VolumeHistogram>()
  statistics: Statistics | null = null
}

type PyramidOptions = Pick<ApiOptions, 'pyramidCache' | 'pyramidThresholdBytes' | 'volumeWorker'>

/** What a map of a run says about itself; the registry adds id, contrast and revision. */
export type MapDescription = Pick<OpenVolume, 'name' | 'region' | 'role' | 'runId' | 'quantity' | 'derived'>

/** The open volumes by id: tomograms, and the maps of runs. */
export class VolumeRegistry {
  readonly cache = new SliceCache(sliceCacheBytes)
  readonly queue: ReadQueue
  /** Reads slices of files; null where the program was not given a worker. */
  readonly thread: ReaderThread | null
  readonly #entries = new Map<string, Entry>()
  readonly #opening = new SharedReads<OpenVolume>()
  readonly #send: (event: ApiEvent) => void
  readonly #scans: Scans
  readonly #pyramids: PyramidSurroundings
  #made = 0

  /** `send` is told when the voxels of a volume that may be on screen are replaced, and how far scans are. */
  constructor(send: (event: ApiEvent) => void, scans: Scans, options: PyramidOptions) {
    this.#send = send
    this.#scans = scans
    this.queue = new ReadQueue(() => scans.hold())
    this.thread = options.volumeWorker === undefined ? null : new ReaderThread(options.volumeWorker)
    const cache = options.pyramidCache ? new PyramidCache(options.pyramidCache) : null
    const thresholdBytes = options.pyramidThresholdBytes ?? pyramidThresholdBytes
    this.#pyramids = { scans, cache, inUse: new Set(), thresholdBytes, thread: this.thread }
  }

  list(): OpenVolume[] {
    return [...this.#entries.values()].map(({ description }) => description)
  }

  /** @throws WedgeviewError `volume-unknown` */
  get(id: string): { description: OpenVolume; volume: Volume; slices: SliceServer } {
    return this.#entry(id)
  }

  /** Opens a tomogram. The same unchanged file keeps its id; a changed one keeps it with a new revision. */
  open(path: string, signal?: AbortSignal, truncated: Truncated = 'refuse'): Promise<OpenVolume> {
    return this.#opening.read(`${truncated}:${path}`, signal, async (shared) => {
      const identity = await fileIdentity(path)
      const known = [...this.#entries.values()].find(
        ({ description }) => description.info.path === path && description.region === null
      )
      if (known && known.fileIdentity === identity) return known.description
      const { cache, queue, thread } = this
      const volume = await openVolume(path, { signal: shared, truncated, cache, queue, thread })
      const tomogram: MapDescription = {
        name: basename(path),
        region: null,
        role: null,
        runId: null,
        quantity: 'grey value'
      }
      return this.#put(known?.description.id ?? null, volume, tomogram, { identity, signal: shared })
    })
  }

  has(id: string): boolean {
    return this.#entries.has(id)
  }

  /** Puts a map of a run in, in place of the one with this id where there is one. Without `contrast` it is found from the voxels. */
  putMap(id: string | null, volume: Volume, map: MapDescription, contrast?: Contrast): Promise<OpenVolume> {
    return this.#put(id, volume, map, { identity: null, contrast })
  }

  /** Closes a volume, and those that were made from it. @throws WedgeviewError `volume-unknown` */
  async close(id: string): Promise<void> {
    const entry = this.#entry(id)
    this.#entries.delete(id)
    for (const { description } of [...this.#entries.values()])
      if (description.derived?.from === id && this.has(description.id)) await this.close(description.id)
    this.#scans.release(entry.description.info.path)
    await closed(entry)
  }

  async closeAll(): Promise<void> {
    for (const id of [...this.#entries.keys()]) if (this.has(id)) await this.close(id)
  }

  async statistics(id: string, signal?: AbortSignal): Promise<Statistics> {
    const { known } = this.#entry(id)
    known.statistics ??= await known.statisticsReads.read('all', signal, (shared) =>
      this.scan(id, 'statistics', null, shared)
    )
    return known.statistics
  }

  /** Over `range`, or else over the range a person wants to see. */
  async histogram(id: string, bins: number, range: Contrast | null, signal?: AbortSignal): Promise<VolumeHistogram> {
    const { description, known } = this.#entry(id)
    const shown = range ?? histogramRange(description.contrast)
    const key = `${bins}:${shown.low}:${shown.high}`
    const before = known.histograms.get(key)
    if (before) return before
    const histogram = await known.histogramReads.read(key, signal, (shared) =>
      this.scan(id, 'histogram', { range: shown, bins }, shared)
    )
    known.histograms.set(key, histogram)
    return histogram
  }

  /** A box for a 3-D view, at most `maxVoxels` of it and `maxSide` along any axis. @throws WedgeviewError `volume-unknown`, `roi-outside` */
  readBlock(id: string, box: Box, maxVoxels: number, maxSide: number, signal?: AbortSignal): Promise<Block> {
    const { volume, pyramid } = this.#entry(id)
    return readBlock(volume, pyramid.levels, box, maxVoxels, { signal, maxSide })
  }

  /** Carries out a scan task and tells windows how far it is. @throws WedgeviewError `volume-unknown` and the task's own */
  scan<Name extends ScanTaskName>(
    id: string,
    task: Name,
    input: ScanTasks[Name]['input'],
    signal?: AbortSignal
  ): Promise<ScanTasks[Name]['result']> {
    const onProgress = (fraction: number): void => this.#send({ type: 'scan', volumeId: id, task, fraction })
    return this.#scans.run(task, this.#entry(id).volume, input, { signal, onProgress })
  }

  async #put(
    id: string | null,
    volume: Volume,
    map: MapDescription,
    { identity, contrast: given, signal }: { identity: string | null; contrast?: Contrast; signal?: AbortSignal }
  ): Promise<OpenVolume> {
    let contrast: Contrast
    try {
      contrast = given ?? (await robustContrast(volume, { signal }))
    } catch (error) {
      await volume.close()
      throw error
    }
    const before = id === null ? undefined : this.#entries.get(id)
    const description: OpenVolume = {
      ...map,
      id: before?.description.id ?? `volume-${++this.#made}`,
      info: volume.info,
      contrast,
      revision: before ? before.description.revision + 1 : 1
    }
    const pyramid = new VolumePyramid(this.#pyramids, volume, (status) =>
      this.#onPyramid(description.id, pyramid, status)
    )
    const slices = new SliceServer(volume, () => pyramid.levels, this.cache, this.#scans)
    // What is made of the file's earlier state is of no use any more.
    await before?.pyramid.close()
    await pyramid.start(identity)
    description.pyramid = pyramid.status
    const known = new KnownScans()
    this.#entries.set(description.id, { description, volume, slices, pyramid, fileIdentity: identity, known })
    if (before) {
      await closed(before)
      this.#send({ type: 'volume', volumeId: description.id, revision: description.revision })
    }
    return description
  }

  #onPyramid(id: string, pyramid: VolumePyramid, status: PyramidStatus): void {
    const entry = this.#entries.get(id)
    if (entry?.pyramid !== pyramid) return
    entry.description = { ...entry.description, pyramid: status }
    this.#send({ type: 'pyramid', volumeId: id, pyramid: status })
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id)
    if (entry) return entry
    throw new WedgeviewError('usage', 'volume-unknown', `No volume ${id} is open.`, 'Open the file again.')
  }
}

async function closed({ volume, slices, pyramid }: Entry): Promise<void> {
  await pyramid.close()
  slices.forget()
  await volume.close()
}
