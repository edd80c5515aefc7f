import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { boxSize, formatBox, toZYX, type Box, type ZYX } from '../../../shared/axes.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import { runRecordSchema, type ContinuedFrom } from '../../../shared/runs.ts'
import { requestedSettingsSchema, type RequestedSettings } from '../../../shared/settings.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import type { RunState } from '../../sampling/problem.ts'
import { cropBlock } from '../../sampling/tiles/blend.ts'
import { openVolume } from '../../volume/open-volume.ts'
import type { Normalisation } from '../normalisation.ts'
import { readUnfinished } from '../state/unfinished.ts'

/** A CryoWGEN-II run that another goes on from. */
export interface Origin {
  readonly path: string
  /** Of its run.json; null while it is being computed. */
  readonly sha256: string | null
  readonly inputSha256: string
  readonly bundleSha256: string
  readonly wedge: Wedge
  readonly roi: Box
  readonly sampler: 'langevin' | 'split-gibbs'
  /** As used; the threshold in grey values. */
  readonly settings: RequestedSettings
  readonly gamma: number
  readonly normalisation: Normalisation
  /**
   * Places of its chains in a part of its region, normalised, at most `most`: its members, or its chains as they stand. Deviations from
   * its mean are scaled by `spread`, where its mean is known.
   */
  readStarts(roi: Box, spread: number, most: number): Promise<Float32Array[]>
}

/** @throws {WedgeviewError} usage / nothing-to-continue; input / continue-unsuitable */
export async function openOrigin(runPath: string): Promise<Origin> {
  const text = await readFile(join(runPath, 'run.json'), 'utf8').catch(() => null)
  const origin = text === null ? await runningOrigin(runPath) : finishedOrigin(runPath, text)
  if (origin) return origin
  throw new WedgeviewError(
    'usage',
    'nothing-to-continue',
    `The chains of the run in ${runPath} can’t be gone on from: it is not there, or has kept nothing yet.`,
    'Wait until it has drawn its first members, or choose another run.'
  )
}

export function continuedFrom({ path, sha256, gamma }: Origin, starts: number): ContinuedFrom {
  return { path, sha256, gamma, starts }
}

const normalisationSchema = z.object({ mean: z.number(), std: z.number() })

function finishedOrigin(path: string, text: string): Origin {
  const record = runRecordSchema.parse(JSON.parse(text))
  if (record.method !== 'cryowgen-2') throw unsuitable(path)
  const { threshold, normalization, ...used } = record.settings
  const settings = requestedSettingsSchema.parse({ ...used, threshold: threshold ?? null })
  const normalisation = normalisationSchema.parse(normalization)
  return {
    path,
    sha256: createHash('sha256').update(text).digest('hex'),
    inputSha256: record.input.sha256,
    bundleSha256: record.bundle.sha256,
    wedge: record.wedge,
    roi: record.input.roi,
    sampler: record.settings.sampler === 'split-gibbs' ? 'split-gibbs' : 'langevin',
    settings,
    gamma: settings.gamma ?? 1,
    normalisation,
    async readStarts(roi, spread, most) {
      const files = (await readdir(join(path, 'members')).catch(() => []))
        .filter((name) => name.endsWith('.mrc'))
        .sort()
      const box = relativeTo(record.input.roi, roi)
      const read = async (file: string): Promise<Float32Array> => {
        const volume = await openVolume(join(path, file))
        try {
          const values = await volume.readBox(box)
          for (let i = 0; i < values.length; i++) values[i] = (values[i] - normalisation.mean) / normalisation.std
          return values
        } finally {
          await volume.close()
        }
      }
      const mean = await read('mean.mrc')
      const starts: Float32Array[] = []
      for (const file of spaced(files, most)) starts.push(spreadFrom(mean, await read(join('members', file)), spread))
      return starts
    }
  }
}

async function runningOrigin(path: string): Promise<Origin | null> {
  const unfinished = await readUnfinished(path)
  if (!unfinished) return null
  const { identity, decisions } = unfinished.job
  if (identity.method !== 'cryowgen-2') throw unsuitable(path)
  const { whole, edge } = decisions.plan
  const isOneBox = edge.every((n, axis) => n === whole[axis])
  return {
    path,
    sha256: null,
    inputSha256: identity.input.sha256,
    bundleSha256: identity.bundle.sha256,
    wedge: identity.wedge,
    roi: identity.roi,
    sampler: identity.sampler === 'split-gibbs' ? 'split-gibbs' : 'langevin',
    settings: { ...decisions.settings, threshold: identity.settings.threshold ?? null },
    gamma: decisions.settings.gamma,
    normalisation: decisions.normalisation,
    async readStarts(roi, spread, most) {
      // Of a run in tiles only one tile's chains are there, which need not cover the region.
      const kept = isOneBox ? await unfinished.load('sampler.state') : null
      const state = kept === null ? null : (kept as { state: RunState }).state
      if (state?.method !== 'cryowgen-2') return []
      const box = relativeTo(identity.roi, roi)
      const block = { origin: [box.z[0], box.y[0], box.x[0]] as ZYX, size: toZYX(boxSize(box)) }
      const from = { origin: [0, 0, 0] as ZYX, size: whole }
      const chains = chainVolumes(state.sampler, whole[0] * whole[1] * whole[2])
      const starts = spaced(chains, most).map((values) => cropBlock(values, from, block))
      const mean = meanOf(state.sampler)
      const centre = mean && cropBlock(mean, from, block)
      return centre ? starts.map((values) => spreadFrom(centre, values, spread)) : starts
    }
  }
}

type Chains = Extract<RunState, { method: 'cryowgen-2' }>['sampler']

function chainVolumes({ groups, records }: Chains, voxels: number): Float32Array[] {
  return groups.flatMap(({ first, count, volume }) =>
    Array.from({ length: count }, (_, b) => b)
      .filter((b) => !records[first + b].diverged)
      .map((b) => volume.subarray(b * voxels, (b + 1) * voxels))
  )
}

/** Draws that a mean has to rest on before deviations from it say how wide the family is. */
const fewestDraws = 20

function meanOf({ records }: Chains): Float32Array | null {
  const alive = records.filter(({ diverged, counted }) => !diverged && counted > 0)
  const total = alive.reduce((sum, { counted }) => sum + counted, 0)
  if (total < fewestDraws) return null
  const out = new Float32Array(alive[0].family.volume.mean.length)
  for (const { counted, family } of alive)
    for (let i = 0; i < out.length; i++) out[i] += (counted / total) * family.volume.mean[i]
  return out
}

/** In place. */
function spreadFrom(mean: Float32Array, values: Float32Array, spread: number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = mean[i] + spread * (values[i] - mean[i])
  return values
}

/** At most `most` of a list, spread evenly over it. */
function spaced<T>(list: readonly T[], most: number): T[] {
  const count = Math.min(most, list.length)
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)])
}

function relativeTo(whole: Box, part: Box): Box {
  const shift = (axis: 'x' | 'y' | 'z'): [number, number] => [
    part[axis][0] - whole[axis][0],
    part[axis][1] - whole[axis][0]
  ]
  return { x: shift('x'), y: shift('y'), z: shift('z') }
}

function unsuitable(path: string): WedgeviewError {
  return new WedgeviewError(
    'input',
    'continue-unsuitable',
    `The run in ${path} has no chains to go on from.`,
    'Only CryoWGEN-II draws its family by chains.'
  )
}

interface Facts {
  roi: Box
  wedge: Wedge
  bundleSha256: string
}

/** @throws {WedgeviewError} input / continue-differs where a run is to go on with something else than it was of */
export function assertContinues(origin: Origin, { roi, wedge, bundleSha256 }: Facts): void {
  const isInside = (['x', 'y', 'z'] as const).every(
    (axis) => roi[axis][0] >= origin.roi[axis][0] && roi[axis][1] <= origin.roi[axis][1]
  )
  const isSameWedge = Object.entries(wedge).every(([key, value]) => Reflect.get(origin.wedge, key) === value)
  if (!isInside)
    throw differs(origin, `the region ${formatBox(roi)} is not inside that run’s, ${formatBox(origin.roi)}`)
  if (!isSameWedge) throw differs(origin, 'the wedge is not that run’s')
  if (bundleSha256 !== origin.bundleSha256) throw differs(origin, 'the bundle is not that run’s')
}

/** @throws {WedgeviewError} input / continue-differs */
export function assertSameInput(origin: Origin, inputSha256: string): void {
  if (inputSha256 !== origin.inputSha256) throw differs(origin, 'the tomogram does not hold what it held then')
}

function differs({ path }: Origin, what: string): WedgeviewError {
  return new WedgeviewError(
    'input',
    'continue-differs',
    `The run in ${path} can’t be gone on from: ${what}.`,
    'Start a new run instead.'
  )
}
