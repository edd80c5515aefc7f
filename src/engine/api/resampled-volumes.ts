import { basename, dirname, extname, join } from 'node:path'
import { wholeBox } from '../../shared/axes.ts'
import { compareGrids, voxelBetween } from '../../shared/grids.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { OpenVolume, VolumeInfo } from '../../shared/volumes.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { resampled } from '../volume/resample/resample.ts'
import { SharedReads } from '../volume/shared-reads.ts'
import { voxelCount } from '../volume/volume.ts'
import type { VolumeRegistry } from './volume-registry.ts'

const maxBytes = 1 << 30

/** Volumes on the grids of others, made when a person wants to compare the two; they are held in memory. */
export class ResampledVolumes {
  readonly #registry: VolumeRegistry
  readonly #making = new SharedReads<OpenVolume>()

  constructor(registry: VolumeRegistry) {
    this.#registry = registry
  }

  /**
   * The volume `of` on the grid of `onto`, as a map of the latter's tomogram; the same request answers with what is there.
   *
   * @throws WedgeviewError `volume-unknown`; usage / `grids-unrelated`, `resample-too-large`
   */
  make(of: string, onto: string, signal?: AbortSignal): Promise<OpenVolume> {
    const { revision } = this.#registry.get(of).description
    return this.#making.read(`${of}:${revision}:${onto}`, signal, (shared) => this.#resample(of, onto, shared))
  }

  async #resample(of: string, onto: string, signal: AbortSignal): Promise<OpenVolume> {
    const { description: source, volume } = this.#registry.get(of)
    const target = this.#registry.get(onto).description
    const known = this.#registry.list().find(({ derived }) => {
      return derived?.kind === 'resampled' && derived.of === of && derived.onto === onto
    })
    if (known?.derived?.revision === source.revision) return known
    const relation = compareGrids(target, source)
    const start = voxelBetween(target, source, { x: 0, y: 0, z: 0 })
    const end = voxelBetween(target, source, { x: 1, y: 1, z: 1 })
    if ((relation.kind === 'different' && !relation.resamplable) || !start || !end)
      throw unrelated(target, source, relation.kind === 'different' ? relation.why : '')
    const { size } = target.info
    if (4 * voxelCount(size) > maxBytes) throw tooLarge(target)
    const step = { x: end.x - start.x, y: end.y - start.y, z: end.z - start.z }
    const values = await resampled(volume, { size, start, step }, signal)
    const tomogram = target.region?.tomogram ?? target.id
    const foreign = tomogram !== (source.region?.tomogram ?? source.id)
    return this.#registry.putMap(known?.id ?? null, memoryVolume(values, infoOf(source, target)), {
      name: `${source.name} on the grid of ${target.name}`,
      region: { tomogram, box: target.region?.box ?? wholeBox(size) },
      role: source.role,
      runId: null,
      quantity: source.quantity,
      derived: { kind: 'resampled', from: null, of, revision: source.revision, onto, foreign }
    })
  }
}

/** The grid of `target`; whose values they are, and how they came about, as a label of the file they may be saved as. */
function infoOf(source: OpenVolume, target: OpenVolume): VolumeInfo {
  const { path } = source.info
  const label = `wedgeview linear resampling onto ${target.name}`
  return {
    ...target.info,
    path: join(dirname(path), `${basename(path, extname(path))}-resampled.mrc`),
    format: 'memory',
    mode: 2,
    dtype: 'float32',
    labels: [...source.info.labels, label.slice(0, 80)].slice(-10),
    tilt: source.info.tilt,
    repairs: [],
    compressed: 'none'
  }
}

function unrelated(target: OpenVolume, source: OpenVolume, why: string): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'grids-unrelated',
    `${source.name} can’t be brought onto the grid of ${target.name}. ${why}`.trim(),
    'Compare volumes that cover a common place and whose headers tell their voxel sizes.'
  )
}

function tooLarge({ name, info }: OpenVolume): WedgeviewError {
  const { x, y, z } = info.size
  const gib = ((4 * voxelCount(info.size)) / 2 ** 30).toFixed(1)
  return new WedgeviewError(
    'usage',
    'resample-too-large',
    `A volume on the grid of ${name}, ${x} × ${y} × ${z} voxels, would take ${gib} GiB of memory; 1 GiB is the limit.`,
    'Resample the larger one onto the smaller, or save a binned copy with wedgeview convert.'
  )
}
