import { z } from 'zod'
import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import { boxSize, planeAxes, toZYX, wholeBox } from '../../shared/axes.ts'
import type { Directions, Tempering, VoxelFamily } from '../../shared/directions.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Job } from '../../shared/jobs.ts'
import type { MapRole, OpenVolume } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { directionalPower } from '../directions/directional-power.ts'
import { familyPower } from '../directions/family-directions.ts'
import type { FamilyPower } from '../directions/family-directions.ts'
import { spectrumBox, volumePower } from '../directions/volume-power.ts'
import { combinedVolume } from '../directions/combined-volume.ts'
import { plainTempering, temper } from '../family/tempering.ts'
import { mapped, temperedMember, temperedShare, temperedStd, wedgePart } from '../family/tempered-volume.ts'
import type { Volume } from '../volume/volume.ts'
import { voxelCount } from '../volume/volume.ts'
import { wedgePlane } from '../wedge/mask.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { KnownPlanes } from './known-planes.ts'
import type { Bundles } from './bundles.ts'
import type { Reconstructions } from './reconstructions.ts'
import type { VolumeRegistry } from './volume-registry.ts'

interface Opened {
  description: OpenVolume
  volume: Volume
}

/** A run that returns a family, with its maps as they stand. */
interface Family {
  job: Job
  /** Region in the tomogram. */
  box: Box
  tomogram: Opened
  maps: Partial<Record<MapRole, Opened>>
  members: Opened[]
}

/** One factor a part needs (I - T_M) of each member in memory: 64 MiB each at this size. */
const splitVoxels = 1 << 24

const usedSettings = z.object({
  gamma: z.number().positive(),
  /** Absent in runs of early versions. */
  beta: z.number().min(0).optional(),
  normalization: z.object({ std: z.number().positive() }).optional()
})

/** What runs' families say: the directions their members differ in, single voxels, and what they would be at another temperature. */
export class Families {
  readonly #volumes: VolumeRegistry
  readonly #reconstructions: Reconstructions
  readonly #bundles: Bundles
  readonly #planes = new KnownPlanes<SpectralPlane>()
  readonly #deviations = new KnownPlanes<FamilyPower>()
  /** (I - T_M)(member - mean), by member and revision; only what the last family looked at needs. */
  readonly #wedgeParts = new Map<string, Promise<Volume>>()
  #wedgePartsOf = ''

  constructor(volumes: VolumeRegistry, reconstructions: Reconstructions, bundles: Bundles) {
    this.#volumes = volumes
    this.#reconstructions = reconstructions
    this.#bundles = bundles
  }

  /** Power of an open volume perpendicular to an axis, in a box of it. */
  async volumePower(id: string, normal: Axis, box: Box | null, signal?: AbortSignal): Promise<SpectralPlane> {
    const { description, volume } = this.#volumes.get(id)
    const key = `${id}:${description.revision}:${normal}:${JSON.stringify(box)}`
    return this.#planes.get(key, signal, (shared) =>
      volumePower(volume, normal, { signal: shared, box: box ?? undefined })
    )
  }

  /** Power by direction of an open volume. @throws WedgeviewError `volume-unknown`, `roi-outside` */
  async volumeDirections(id: string, wedge: Wedge, box: Box | null, signal?: AbortSignal): Promise<Directions> {
    const { info } = this.#volumes.get(id).description
    const power = await this.volumePower(id, wedge.tiltAxis, box, signal)
    const size = boxSize(spectrumBox(info.size, wedge.tiltAxis, box ?? wholeBox(info.size)))
    return { ...directionalPower(power, size, wedge), taper: 'hann', members: null }
  }

  /** Power of the members' deviations perpendicular to an axis. @throws WedgeviewError `family-unknown`, `family-without-members` */
  async deviationPower(runId: string, normal: Axis, signal?: AbortSignal): Promise<FamilyPower> {
    const { maps, members, job } = this.#family(runId)
    const { mean } = maps
    if (!mean || members.length === 0)
      throw new WedgeviewError(
        'input',
        'family-without-members',
        'This run has no members to compare with their mean' + (job.run ? '.' : ' yet.'),
        job.run ? 'Run again with “Members kept” above 1.' : 'They come as the run draws them.'
      )
    const key = [mean, ...members].map(({ description: { id, revision } }) => `${id}:${revision}`).join()
    const family = {
      mean: mean.volume,
      members: members.map(({ volume }) => volume),
      tiles: job.run?.tiles ?? 1
    }
    return this.#deviations.get(`${key}:${normal}`, signal, (shared) => familyPower(family, normal, shared))
  }

  async deviationDirections(runId: string, wedge: Wedge, signal?: AbortSignal): Promise<Directions> {
    const { power, size, taper } = await this.deviationPower(runId, wedge.tiltAxis, signal)
    return { ...directionalPower(power, size, wedge), taper, members: this.#family(runId).members.length }
  }

  /** How the family is scaled for another temperature, by the Gaussian approximation. */
  async tempering(runId: string, to: number, signal?: AbortSignal): Promise<Tempering> {
    const family = this.#family(runId)
    const bundles = await this.#bundles.list()
    const { job } = family
    const bundle = bundles.find(({ sha256, path }) =>
      job.run ? sha256 === job.run.bundle.sha256 : path === job.request.bundlePath
    )
    const used = usedSettings.safeParse(job.run?.settings)
    if (!used.success) {
      const byDefault = bundle?.methods.find(({ method }) => method === job.request.method)?.defaults.gamma
      const gamma = job.request.settings.gamma ?? byDefault ?? 1
      return plainTempering(gamma, to, 'The run is still going: every SD goes with the square root of γ.')
    }
    const { gamma, beta = null, normalization } = used.data
    const plain = (why: string): Tempering =>
      plainTempering(
        gamma,
        to,
        `${why}; so every SD is taken to go with the square root of γ, which overstates the change.`
      )
    if (beta === null || !normalization) return plain('The run’s record does not say whether there was a tether β')
    if (beta === 0) return temper({ gamma, beta, greyPerUnit: 1, variance: [], measured: [] }, to)
    if (!bundle) return plain('There is a tether β, but the bundle it belongs to is not at hand')
    if (bundle.latent !== 'volume') return plain('There is a tether β, but it holds codes of a decoder, not the volume')
    if (bundle.precisionMap) return plain('There is a tether β, but it differs from voxel to voxel')
    if (family.members.length < 2) return plain('There is a tether β, but too few members to see what it holds')
    if (voxelCount(boxSize(family.box)) > splitVoxels)
      return plain('There is a tether β, but the region is too large to be split into its two parts at once')
    const { wedge } = job.request
    const { power, size } = await this.deviationPower(runId, wedge.tiltAxis, signal)
    const measured = wedgePlane(wedge, toZYX(size)).values
    return temper({ gamma, beta, greyPerUnit: normalization.std, variance: power.values, measured }, to)
  }

  /** A map of a run as predicted for another temperature; what has no spread of its own stays as it is. */
  async tempered(volumeId: string, to: number, signal?: AbortSignal): Promise<Volume> {
    const { description, volume } = this.#volumes.get(volumeId)
    const { runId, role } = description
    if (runId === null || role === null) return volume
    const family = this.#family(runId)
    const factors = await this.tempering(runId, to, signal)
    const { mean, std, 'wedge-variance': inWedge, 'measured-variance': outside } = family.maps
    switch (role) {
      case 'member':
        return mean
          ? temperedMember(volume, mean.volume, factors, await this.#wedgePart(family, description, factors))
          : volume
      case 'std':
        return temperedStd(
          { std: volume, wedgeVariance: inWedge?.volume ?? null, measuredVariance: outside?.volume ?? null },
          factors
        )
      case 'wedge-share':
        return inWedge && outside && std ? temperedShare(inWedge.volume, outside.volume, factors) : volume
      case 'variance': {
        const maps = { wedgeVariance: inWedge?.volume ?? null, measuredVariance: outside?.volume ?? null }
        const sd = std ? temperedStd({ std: std.volume, ...maps }, factors) : null
        return sd ? mapped([sd], (value) => value * value) : volume
      }
      case 'wedge-variance':
        return combinedVolume([[factors.wedge ** 2, volume]])
      case 'measured-variance':
        return combinedVolume([[factors.measured ** 2, volume]])
      default:
        return volume
    }
  }

  /** What the family says about a voxel of its tomogram. @throws WedgeviewError `roi-outside` */
  async voxel(runId: string, at: XYZ, to: number | null, signal?: AbortSignal): Promise<VoxelFamily> {
    const family = this.#family(runId)
    const { x, y, z: section } = family.box
    const own = { x: at.x - x[0], y: at.y - y[0], z: at.z - section[0] }
    const valueOf = async (opened: Opened | undefined, voxel: XYZ): Promise<number | null> => {
      if (!opened) return null
      const { description } = opened
      const volume = to === null ? opened.volume : await this.tempered(description.id, to, signal)
      const [value] = await volume.readBox(oneVoxel(voxel), { signal })
      return Number.isFinite(value) ? value : null
    }
    const members: (number | null)[] = []
    for (const member of family.members) members.push(await valueOf(member, own))
    const share = family.maps['wedge-share']
    return {
      members,
      mean: await valueOf(family.maps.mean, own),
      sd: await valueOf(family.maps.std, own),
      wedgeShare: await valueOf(share, own),
      map: await this.#pointEstimate(family, at, signal),
      raw: await valueOf(family.tomogram, at),
      tempering: to === null ? null : await this.tempering(runId, to, signal)
    }
  }

  /** The MAP of the latest run that computed one for the same tomogram and covers the voxel. */
  async #pointEstimate({ tomogram }: Family, at: XYZ, signal?: AbortSignal): Promise<number | null> {
    const maps = this.#volumes
      .list()
      .filter(({ role, region }) => role === 'map' && region?.tomogram === tomogram.description.id)
      .filter(({ runId }) =>
        this.#reconstructions.list().some(({ id, request }) => id === runId && request.method === 'cryogen-1')
      )
    for (const { id, region } of maps.reverse()) {
      if (!region || !covers(region.box, at)) continue
      const own = { x: at.x - region.box.x[0], y: at.y - region.box.y[0], z: at.z - region.box.z[0] }
      const [value] = await this.#volumes.get(id).volume.readBox(oneVoxel(own), { signal })
      return Number.isFinite(value) ? value : null
    }
    return null
  }

  async #wedgePart(family: Family, member: OpenVolume, { wedge, measured }: Tempering): Promise<Volume | null> {
    const { mean } = family.maps
    if (wedge === measured || !mean) return null
    if (this.#wedgePartsOf !== family.job.id) this.#wedgeParts.clear()
    this.#wedgePartsOf = family.job.id
    const key = `${member.id}:${member.revision}:${mean.description.revision}`
    const known = this.#wedgeParts.get(key)
    if (known) return known
    const deviation = combinedVolume([
      [1, this.#volumes.get(member.id).volume],
      [-1, mean.volume]
    ])
    const made = wedgePart(deviation, family.job.request.wedge)
    this.#wedgeParts.set(key, made)
    made.catch(() => this.#wedgeParts.delete(key))
    return made
  }

  #family(runId: string): Family {
    const job = this.#reconstructions.list().find(({ id }) => id === runId)
    const opened = this.#volumes
      .list()
      .filter((description) => description.runId === runId && description.derived === undefined)
      .map(({ id }) => this.#volumes.get(id))
    const region = opened[0]?.description.region
    if (!job || !region || !this.#volumes.has(region.tomogram))
      throw new WedgeviewError('usage', 'family-unknown', `There is no open run ${runId}.`, 'It may have been deleted.')
    const maps: Family['maps'] = {}
    for (const volume of opened) if (volume.description.role) maps[volume.description.role] = volume
    return {
      job,
      box: region.box,
      tomogram: this.#volumes.get(region.tomogram),
      maps,
      members: opened.filter(({ description }) => description.role === 'member')
    }
  }
}

function covers(box: Box, { x, y, z: section }: XYZ): boolean {
  const within = (at: number, [from, to]: readonly number[]): boolean => at >= from && at < to
  return within(x, box.x) && within(y, box.y) && within(section, box.z)
}

function oneVoxel({ x, y, z: section }: XYZ): Box {
  return { x: [x, x + 1], y: [y, y + 1], z: [section, section + 1] }
}

/** The axis that a plane's spectrum is seen along. */
export function normalOf(plane: keyof typeof planeAxes): Axis {
  return planeAxes[plane].normal
}
