import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Derivation, DerivedRequest, VolumePart } from '../../shared/derived.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Contrast, OpenVolume, VolumeInfo } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { countedProbability, gaussianProbability } from '../derived/probability.ts'
import { ScratchFolder } from '../derived/scratch-folder.ts'
import { difference, voxelwiseVolume } from '../derived/voxelwise.ts'
import { openVolume } from '../volume/open-volume.ts'
import { SharedReads } from '../volume/shared-reads.ts'
import type { Volume } from '../volume/volume.ts'
import type { VolumeRegistry } from './volume-registry.ts'

type PartRequest = Extract<DerivedRequest, { kind: 'part' }>
type ProbabilityRequest = Extract<DerivedRequest, { kind: 'probability' }>

/** T_M of a map as a file, and what it was made from. */
interface MeasuredFile {
  revision: number
  path: string
  meanGrey: number
}

const bounded: Contrast = { low: 0, high: 1 }

/**
 * Volumes made from a run's maps, see shared/derived.ts: made when they are asked for, once a revision of their source, and then open volumes
 * like any other. T_M is applied where scans are made and written as a file; everything else is computed as slices are read.
 */
export class DerivedVolumes {
  readonly #registry: VolumeRegistry
  readonly #wedgeOf: (runId: string) => Wedge
  readonly #scratch = new ScratchFolder()
  readonly #making = new SharedReads<OpenVolume>()
  readonly #measuring = new SharedReads<MeasuredFile>()
  readonly #measured = new Map<string, MeasuredFile>()

  /** `wedgeOf`: the wedge that a run assumed. @throws WedgeviewError `run-unknown` */
  constructor(registry: VolumeRegistry, wedgeOf: (runId: string) => Wedge) {
    this.#registry = registry
    this.#wedgeOf = wedgeOf
  }

  /**
   * The derived volume; the same request on unchanged maps answers with what is there. A run has one P(x > t), whose t changes.
   *
   * @throws WedgeviewError `volume-unknown`, `run-unknown`; usage / `no-part`, `no-family`, `few-members`
   */
  make(request: DerivedRequest, signal?: AbortSignal): Promise<OpenVolume> {
    const source = request.kind === 'part' ? this.#registry.get(request.volumeId).description : null
    const key = JSON.stringify({ ...request, revision: source?.revision })
    return this.#making.read(key, signal, (shared) =>
      request.kind === 'part' ? this.#part(request, shared) : this.#probability(request)
    )
  }

  async close(): Promise<void> {
    await this.#scratch.remove()
  }

  async #part({ volumeId, part }: PartRequest, signal: AbortSignal): Promise<OpenVolume> {
    const source = this.#registry.get(volumeId).description
    const known = this.#find((of) => of.kind === 'part' && of.from === volumeId && of.part === part)
    if (known?.derived?.revision === source.revision) return known
    const measured = await this.#measuredFile(source, signal)
    const derived: Derivation = { kind: 'part', part, from: volumeId, ...pick(measured) }
    const { cache, queue } = this.#registry
    const file = await openVolume(measured.path, { cache, queue, signal })
    const volume = part === 'measured' ? { ...file, info: infoOf(source, part) } : await this.#rest(source, file)
    return this.#registry.putMap(known?.id ?? null, volume, {
      name: `${source.name}, ${partNames[part]}`,
      region: source.region,
      role: part === 'measured' ? 'measured-part' : 'filled-in-part',
      runId: source.runId,
      quantity: `grey value, ${partNames[part]}`,
      derived
    })
  }

  /** x - T_M x. */
  async #rest(source: OpenVolume, measured: Volume): Promise<Volume> {
    const sources = (): Volume[] => [this.#registry.get(source.id).volume, measured]
    const volume = voxelwiseVolume(infoOf(source, 'filled-in'), sources, difference)
    return { ...volume, close: () => measured.close() }
  }

  #measuredFile(source: OpenVolume, signal: AbortSignal): Promise<MeasuredFile> {
    const { id, revision, runId, role } = source
    if (runId === null || !wholes.has(role ?? '')) throw noPart(source)
    const wedge = this.#wedgeOf(runId)
    const known = this.#measured.get(id)
    if (known?.revision === revision) return Promise.resolve(known)
    return this.#measuring.read(`${id}:${revision}`, signal, async (shared) => {
      const outPath = join(await this.#scratch.path(), `${randomUUID()}.mrc`)
      const label = `wedgeview T_M; tilt ${wedge.tiltMin}:${wedge.tiltMax}; axis ${wedge.tiltAxis}; beam ${wedge.beamAxis}`
      const { mean } = await this.#registry.scan(id, 'apply-wedge', { wedge, outPath, label }, shared)
      const made = { revision, path: outPath, meanGrey: mean }
      this.#measured.set(id, made)
      // A file that is still open outlives its name.
      if (known) await rm(known.path, { force: true })
      return made
    })
  }

  async #probability({ runId, threshold, estimate }: ProbabilityRequest): Promise<OpenVolume> {
    const maps = this.#registry.list().filter((volume) => volume.runId === runId && !volume.derived)
    const mean = maps.find(({ role }) => role === 'mean')
    const std = maps.find(({ role }) => role === 'std')
    if (!mean || !std) throw noFamily(runId)
    const members = maps.filter(({ role }) => role === 'member')
    if (estimate === 'members' && members.length < 2) throw fewMembers(members.length)
    const counted = estimate === 'members'
    const from = counted ? members[0] : mean
    const known = this.#find((of, volume) => of.kind === 'probability' && volume.runId === runId)
    const derived: Derivation = {
      kind: 'probability',
      estimate,
      threshold,
      from: from.id,
      revision: from.revision,
      members: counted ? members.length : null
    }
    if (known && JSON.stringify(known.derived) === JSON.stringify(derived)) return known
    const ids = (counted ? members : [mean, std]).map(({ id }) => id)
    const sources = (): Volume[] => ids.map((id) => this.#registry.get(id).volume)
    const combine = counted ? countedProbability(threshold) : gaussianProbability(threshold)
    const shown = Number(threshold.toPrecision(5))
    const volume = voxelwiseVolume(infoOf(mean, `probability-above-${shown}`), sources, combine)
    const description = {
      name: `${mean.name.replace(/ mean$/, '')} P(x > ${shown})`,
      region: mean.region,
      role: 'probability' as const,
      runId,
      quantity: `P(x > ${shown}), ${counted ? `counted over ${members.length} members` : 'Gaussian from mean and SD'}`,
      derived
    }
    return this.#registry.putMap(known?.id ?? null, volume, description, bounded)
  }

  #find(matches: (derived: Derivation, volume: OpenVolume) => boolean): OpenVolume | undefined {
    return this.#registry.list().find((volume) => volume.derived && matches(volume.derived, volume))
  }
}

const partNames: Readonly<Record<VolumePart, string>> = { measured: 'measured part', 'filled-in': 'filled-in part' }

/** Maps that are reconstructions themselves. */
const wholes: ReadonlySet<string> = new Set(['map', 'mean', 'barycentre', 'member'])

function pick({ revision, meanGrey }: MeasuredFile): Pick<MeasuredFile, 'revision' | 'meanGrey'> {
  return { revision, meanGrey }
}

/** Facts of the source; `memory`, since what a scan needs to know is not in a file of that name. */
function infoOf({ info }: OpenVolume, what: string): VolumeInfo {
  const name = `${basename(info.path, '.mrc')}-${what}.mrc`
  return {
    ...info,
    path: join(dirname(info.path), name),
    format: 'memory',
    mode: 2,
    dtype: 'float32',
    repairs: [],
    compressed: 'none',
    labels: [...info.labels, `wedgeview ${what}`.slice(0, 80)].slice(-10)
  }
}

function noPart({ name }: OpenVolume): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'no-part',
    `${name} has no measured and filled-in part.`,
    'Choose a reconstruction: a MAP, a mean or a member.'
  )
}

function noFamily(runId: string): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'no-family',
    `Run ${runId} has no mean and SD that a probability could be made from.`,
    'Choose a run of CryoWGEN-I or CryoWGEN-II.'
  )
}

function fewMembers(count: number): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'few-members',
    `The run kept ${count} ${count === 1 ? 'member' : 'members'}, too few to count.`,
    'Use the Gaussian estimate, or run again with more members.'
  )
}
