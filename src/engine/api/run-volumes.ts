import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { wholeBox } from '../../shared/axes.ts'
import type { Box } from '../../shared/axes.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { methods } from '../../shared/methods.ts'
import { mapRoleSchema } from '../../shared/volumes.ts'
import type { MapRole, VolumeInfo } from '../../shared/volumes.ts'
import type { PartialMaps } from '../jobs/index.ts'
import { regionPosition } from '../posterior/region-position.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { openVolume } from '../volume/open-volume.ts'
import type { Volume } from '../volume/volume.ts'
import type { MapDescription, VolumeRegistry } from './volume-registry.ts'

/** Quantity and unit of a map, as a colour bar writes them. */
const quantities: Readonly<Record<MapRole, string>> = {
  map: 'grey value',
  mean: 'posterior mean (grey value)',
  std: 'posterior SD (grey value)',
  variance: 'posterior variance (grey value²)',
  'wedge-variance': 'variance in the wedge (grey value²)',
  'measured-variance': 'variance in the measured region (grey value²)',
  'wedge-share': 'wedge share of the variance',
  probability: 'P(x > t)',
  'r-hat': 'R-hat (1: chains agree)',
  barycentre: 'soft barycentre (grey value)',
  member: 'grey value',
  'measured-part': 'grey value, measured part',
  'filled-in-part': 'grey value, filled-in part'
}

const titles: Readonly<Record<MapRole, string>> = {
  map: 'map',
  mean: 'mean',
  std: 'SD',
  variance: 'variance',
  'wedge-variance': 'wedge variance',
  'measured-variance': 'measured variance',
  'wedge-share': 'wedge share',
  probability: 'probability',
  'r-hat': 'R-hat',
  barycentre: 'barycentre',
  member: 'member',
  'measured-part': 'measured part',
  'filled-in-part': 'filled-in part'
}

/** The maps of one run as open volumes: first from the memory of the running job, then from its folder. */
export class RunVolumes {
  readonly #registry: VolumeRegistry
  readonly #runId: string
  readonly #request: ReconstructRequest
  readonly #tomogram: { id: string; info: VolumeInfo }
  /** Volume ids by `mean`, `std`, …, `member-001`, in the order they appeared. */
  readonly #ids = new Map<string, string>()

  constructor(
    registry: VolumeRegistry,
    runId: string,
    request: ReconstructRequest,
    tomogram: { id: string; info: VolumeInfo }
  ) {
    this.#registry = registry
    this.#runId = runId
    this.#request = request
    this.#tomogram = tomogram
  }

  get ids(): string[] {
    return [...this.#ids.values()].filter((id) => this.#registry.has(id))
  }

  /** Shows what a running job knows so far. A map that was closed meanwhile stays closed. */
  async showPartial({ maps }: PartialMaps): Promise<void> {
    let members = 0
    for (const { role, values } of maps) {
      const key = role === 'member' ? memberKey(++members) : role
      const id = this.#ids.get(key)
      if (id !== undefined && !this.#registry.has(id)) continue
      await this.#put(key, role, memoryVolume(values, this.#partialInfo(key)))
    }
  }

  /** Shows the finished maps in place of the partial ones; members that were left out at the end go. */
  async showFinished(runPath: string): Promise<void> {
    const files = await mapFiles(runPath)
    for (const [key, role, path] of files) {
      const { cache, queue, thread } = this.#registry
      await this.#put(key, role, await openVolume(path, { cache, queue, thread }))
    }
    const finished = new Set(files.map(([key]) => key))
    for (const [key, id] of this.#ids)
      if (key.startsWith('member') && !finished.has(key) && this.#registry.has(id)) await this.#registry.close(id)
  }

  async close(): Promise<void> {
    await Promise.all(this.ids.map((id) => this.#registry.close(id)))
  }

  async #put(key: string, role: MapRole, volume: Volume): Promise<void> {
    const { id } = await this.#registry.putMap(this.#ids.get(key) ?? null, volume, this.#description(key, role))
    this.#ids.set(key, id)
  }

  #description(key: string, role: MapRole): MapDescription {
    const title = role === 'member' ? key.replace(/-0*/, ' ') : titles[role]
    return {
      name: `${methods[this.#request.method].name} ${title}`,
      region: { tomogram: this.#tomogram.id, box: this.#box },
      role,
      runId: this.#runId,
      quantity: quantities[role]
    }
  }

  get #box(): Box {
    return this.#request.roi ?? wholeBox(this.#tomogram.info.size)
  }

  #partialInfo(key: string): VolumeInfo {
    const { info } = this.#tomogram
    const box = this.#box
    return {
      path: join(this.#request.outPath, `${key}.mrc`),
      format: 'memory',
      mode: 2,
      dtype: 'float32',
      byteOrder: 'little',
      size: { x: box.x[1] - box.x[0], y: box.y[1] - box.y[0], z: box.z[1] - box.z[0] },
      voxelSizeAngstrom: info.voxelSizeAngstrom,
      ...regionPosition(info, box),
      axisOrder: info.axisOrder,
      isVolumeStack: false,
      extendedHeader: { type: '', bytes: 0 },
      labels: info.labels,
      tilt: info.tilt,
      repairs: [],
      compressed: 'none'
    }
  }
}

function memberKey(number: number): string {
  return `member-${String(number).padStart(3, '0')}`
}

/** The maps of a run folder in the order of mapRoleSchema, members last. */
async function mapFiles(runPath: string): Promise<[key: string, role: MapRole, path: string][]> {
  const names = new Set(await readdir(runPath))
  const maps = mapRoleSchema.options
    .filter((role) => names.has(`${role}.mrc`))
    .map((role): [string, MapRole, string] => [role, role, join(runPath, `${role}.mrc`)])
  const members = names.has('members') ? (await readdir(join(runPath, 'members'))).sort() : []
  return [
    ...maps,
    ...members
      .filter((file) => file.endsWith('.mrc'))
      .map((file): [string, MapRole, string] => [basename(file, '.mrc'), 'member', join(runPath, 'members', file)])
  ]
}
