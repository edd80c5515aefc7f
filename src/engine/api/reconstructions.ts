import { rm } from 'node:fs/promises'
import type { ContinueJob, JobEstimate, NewJob, UnfinishedRun } from '../../shared/api.ts'
import { boxSchema } from '../../shared/axes.ts'
import { toFailure, WedgeviewError } from '../../shared/errors.ts'
import type { Job, ReconstructRequest } from '../../shared/jobs.ts'
import type { OpenVolume, VolumeInfo } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { createJobQueue, discardUnfinished } from '../jobs/index.ts'
import type { JobQueue, JobSnapshot, PartialMaps } from '../jobs/index.ts'
import { writeRunName } from '../derived/run-name.ts'
import { assertBox } from '../volume/volume.ts'
import type { ApiContext } from './context.ts'
import { continuedRequest } from './continued-request.ts'
import { findRuns, jobOfRun } from './found-runs.ts'
import type { FoundRun } from './found-runs.ts'
import { RunPlaces } from './run-place.ts'
import { RunVolumes } from './run-volumes.ts'
import { findUnfinishedOf } from './unfinished-runs.ts'
import type { UnfinishedFound } from './unfinished-runs.ts'

interface Entry {
  job: Job
  runPath: string | null
  maps: RunVolumes
  latestPartial: PartialMaps | null
  tomogramId: string
  /** A job on whose heels this one came: its maps are shown until there are others. */
  replaces: string | null
  /** Changes are published one after the other, in the order they happened. */
  work: Promise<void>
}

type Surroundings = Pick<ApiContext, 'options' | 'volumes' | 'events' | 'bundles' | 'access'>

/** The jobs as callers of the API see them: the queue's, together with the volumes that show their maps. */
export class Reconstructions {
  readonly #context: Surroundings
  readonly #queue: JobQueue
  readonly #places: RunPlaces
  readonly #entries = new Map<string, Entry>()
  #found = 0
  #isClosed = false

  constructor(context: Surroundings) {
    this.#context = context
    this.#places = new RunPlaces(context.options)
    this.#queue = createJobQueue({
      spawnRunner: context.options.spawnRunner,
      onJob: (snapshot) => this.#onJob(snapshot),
      onPartial: (jobId, maps) => this.#onPartial(jobId, maps),
      onLog: (level, message, jobId) => {
        context.options.onLog?.(level, message)
        context.events.send({ type: 'log', level, message, jobId })
      }
    })
  }

  list(): Job[] {
    return [...this.#entries.values()].map(({ job }) => job)
  }

  /** @throws WedgeviewError `volume-unknown`, `roi-outside` */
  async submit(newJob: NewJob): Promise<Job> {
    const { request, info } = await this.#request(newJob)
    return this.#enter(request, newJob.volumeId, info)
  }

  /**
   * Goes on from the chains of a run. Another job that goes on from the same run is ended, and its maps go as soon as there are new ones.
   *
   * @throws WedgeviewError `run-unknown`, `volume-unknown`, `continue-unsuitable`, `bundle-unknown`, `roi-outside`
   */
  async continueRun({ continueFrom }: ContinueJob): Promise<Job> {
    const origin = this.#entries.get(continueFrom.runId)
    if (!origin) throw runUnknown(continueFrom.runId)
    const { info } = this.#context.volumes.get(origin.tomogramId).description
    const request = continuedRequest(origin.job, continueFrom, info)
    const replaced = [...this.#entries.values()].filter(
      ({ job: { state, request: other } }) =>
        other.continueFrom?.runPath === origin.job.request.outPath && (state === 'queued' || state === 'running')
    )
    const outPath = await this.#places.next(info.path, 'cryowgen-2')
    const job = this.#enter({ ...request, outPath }, origin.tomogramId, info, replaced.at(-1)?.job.id ?? null)
    for (const { job: other } of replaced) void this.#queue.cancel(other.id, { keep: false }).catch(() => undefined)
    return job
  }

  /** Runs of the open tomograms that were begun and not finished, and that nobody works on. */
  async unfinished(): Promise<UnfinishedRun[]> {
    return (await this.#findUnfinished()).map(({ run }) => run)
  }

  /** Goes on with an unfinished run. @throws WedgeviewError `run-unknown`, `bundle-unknown` */
  async resumeRun(path: string): Promise<Job> {
    const { job, tomogram } = await this.#unfinishedAt(path)
    const bundlePath = await this.#bundlePath(job.identity.bundle.sha256, job.request.bundlePath)
    if (bundlePath === '')
      throw new WedgeviewError(
        'input',
        'bundle-unknown',
        `The bundle ${job.identity.bundle.name} is not where it was when the run was begun.`,
        'Open the bundle, then resume again.'
      )
    const request = { ...job.request, volumePath: tomogram.info.path, bundlePath, outPath: path, resume: true }
    return this.#enter(request, tomogram.id, tomogram.info)
  }

  /** Removes what an unfinished run has kept. @throws WedgeviewError `run-unknown` */
  async discardRun(path: string): Promise<void> {
    const { run } = await this.#unfinishedAt(path)
    await discardUnfinished(run.path, new AbortController().signal)
    this.#places.release(run.path)
  }

  async #findUnfinished(): Promise<UnfinishedFound[]> {
    const tomograms = this.#context.volumes
      .list()
      .filter(({ region, info }) => region === null && info.format !== 'memory')
    const found = await Promise.all(
      tomograms.map((tomogram) => findUnfinishedOf(tomogram, this.#context.options.runsFallback))
    )
    // One that waits in the queue to go on belongs to nobody yet.
    const atWork = new Set(
      [...this.#entries.values()]
        .filter(({ job: { state } }) => state === 'queued' || state === 'running')
        .map(({ job: { request } }) => request.outPath)
    )
    return found.flat().filter(({ run }) => !atWork.has(run.path))
  }

  async #unfinishedAt(path: string): Promise<UnfinishedFound> {
    const found = (await this.#findUnfinished()).find(({ run }) => run.path === path)
    if (found) return found
    throw new WedgeviewError(
      'usage',
      'run-unknown',
      `There is no unfinished run ${path} of an open tomogram.`,
      'It may have been finished or discarded already.'
    )
  }

  /** Where a run's bundle lies now; '' where it is not found, or may not be read here. */
  async #bundlePath(sha256: string, path: string | null): Promise<string> {
    const { access, bundles, options } = this.#context
    // On the desktop whoever opened the tomogram may read every bundle; a browser only what is served.
    const isAllowed =
      path !== null &&
      (options.mount === 'desktop' ||
        (await access.allowed(path).then(
          () => true,
          () => false
        )))
    return (await bundles.find(sha256, isAllowed ? path : null)) ?? ''
  }

  #enter(request: ReconstructRequest, tomogramId: string, info: VolumeInfo, replaces: string | null = null): Job {
    const queued = this.#queue.submit(request)
    const entry: Entry = {
      job: jobOf(queued, [], null),
      runPath: null,
      maps: new RunVolumes(this.#context.volumes, queued.id, request, { id: tomogramId, info }),
      latestPartial: null,
      tomogramId,
      replaces,
      work: Promise.resolve()
    }
    this.#entries.set(queued.id, entry)
    // What the queue told of before the entry existed is told now.
    const now = this.#queue.list().find(({ id }) => id === queued.id)
    if (now) this.#onJob(now)
    return entry.job
  }

  /** Lets go of the job that this one replaces, once there is something in its place. */
  async #replace(entry: Entry): Promise<void> {
    const before = entry.replaces === null ? undefined : this.#entries.get(entry.replaces)
    entry.replaces = null
    if (!before) return
    await this.#queue.cancel(before.job.id, { keep: false })
    // Ended before it could be replaced, it is a run like any other.
    if (before.runPath === null) await this.#forget(before)
  }

  /** @throws WedgeviewError as submit, and what the job itself would be refused for */
  async estimate(newJob: NewJob): Promise<JobEstimate> {
    const { request } = await this.#request(newJob)
    this.#places.release(request.outPath)
    return this.#queue.estimate(request)
  }

  /** Resolves once the job has ended. What it has is kept, marked as partial, unless told otherwise. @throws WedgeviewError `job-unknown` */
  async cancel(id: string, keep = true): Promise<Job> {
    const entry = this.#entry(id)
    await this.#queue.cancel(id, { keep })
    await entry.work
    if (!keep && entry.runPath === null) await entry.maps.close()
    return entry.job
  }

  /** The wedge that a run assumed; `runId` as its maps have it. @throws WedgeviewError `run-unknown` */
  wedgeOf(runId: string): Wedge {
    const entry = this.#entries.get(runId)
    if (entry) return entry.job.request.wedge
    throw runUnknown(runId)
  }

  /** The folder of a finished run. @throws WedgeviewError `run-unknown` */
  pathOf(runId: string): string {
    return this.#finished(runId).runPath
  }

  /** Gives a finished run a name of its own, or takes it away. @throws WedgeviewError `run-unknown` */
  async rename(runId: string, name: string | null): Promise<Job> {
    const { entry, runPath } = this.#finished(runId)
    await writeRunName(runPath, name)
    entry.job = { ...entry.job, name }
    this.#context.events.send({ type: 'job', job: entry.job })
    return entry.job
  }

  #finished(runId: string): { entry: Entry; runPath: string } {
    const entry = [...this.#entries.values()].find(({ job }) => job.runId === runId)
    if (!entry || entry.runPath === null) throw runUnknown(runId)
    return { entry, runPath: entry.runPath }
  }

  /** Closes a finished run's maps and deletes its folder. @throws WedgeviewError `run-unknown` */
  async deleteRun(runId: string): Promise<void> {
    const { entry, runPath } = this.#finished(runId)
    await rm(runPath, { recursive: true, force: true })
    this.#places.release(runPath)
    await this.#forget(entry)
  }

  /**
   * Lists the runs that lie beside a tomogram from before, with their maps. Each is told as a job that is done, as soon as its maps are
   * open. Those listed already stay as they are.
   */
  async showFoundRuns({ id, info, region }: OpenVolume): Promise<void> {
    if (region !== null || info.format === 'memory') return
    const found = await findRuns(info.path, info.size, this.#context.options.runsFallback)
    for (const run of found) {
      if (this.#isClosed || !this.#context.volumes.has(id)) return
      const known = [...this.#entries.values()].find(
        ({ runPath, job }) => runPath === run.path || job.request.outPath === run.path
      )
      if (known && this.#context.volumes.has(known.tomogramId)) continue
      // The tomogram was closed and opened again since: what belonged to the former goes.
      if (known) await this.#forget(known)
      await this.#showFound(run, id, info)
    }
  }

  async #showFound(run: FoundRun, tomogramId: string, info: VolumeInfo): Promise<void> {
    const jobId = `found-${++this.#found}`
    const { sha256, path = null } = run.record.bundle
    const job = jobOfRun(jobId, run, info.path, await this.#bundlePath(sha256, path))
    const maps = new RunVolumes(this.#context.volumes, jobId, job.request, { id: tomogramId, info })
    const entry: Entry = {
      job,
      runPath: run.path,
      maps,
      latestPartial: null,
      tomogramId,
      replaces: null,
      work: Promise.resolve()
    }
    this.#entries.set(jobId, entry)
    this.#context.options.paths.grant(run.path)
    this.#after(entry, async () => {
      const failure = await maps.showFinished(run.path).then(() => null, toFailure)
      entry.job = { ...job, volumes: maps.ids, failure }
      this.#context.events.send({ type: 'job', job: entry.job })
    })
    await entry.work
  }

  /** Closes a run's maps, takes it off the list and says so. */
  async #forget(entry: Entry): Promise<void> {
    await entry.work
    await entry.maps.close()
    const { id, runId } = entry.job
    if (!this.#entries.delete(id)) return
    this.#context.events.send({ type: 'run-deleted', runId: runId ?? id, jobId: id })
  }

  /** Ends the runner processes. What running jobs have computed is left, to be resumed. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#queue.suspend()
    await Promise.all([...this.#entries.values()].map(({ work }) => work))
  }

  async #request(newJob: NewJob): Promise<{ request: ReconstructRequest; info: VolumeInfo }> {
    const { volumeId, ...rest } = newJob
    const { info } = this.#context.volumes.get(volumeId).description
    if (rest.roi) assertBox(info, boxSchema.parse(rest.roi))
    const outPath = await this.#places.next(info.path, rest.method)
    return { request: { ...rest, volumePath: info.path, outPath }, info }
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id)
    if (entry) return entry
    throw new WedgeviewError('usage', 'job-unknown', `There is no job ${id}.`, 'It may belong to another session.')
  }

  #onJob(snapshot: JobSnapshot): void {
    const entry = this.#entries.get(snapshot.id)
    if (!entry) return
    this.#after(entry, async () => {
      let failure = snapshot.failure
      if (snapshot.runPath !== null && entry.runPath === null) {
        entry.runPath = snapshot.runPath
        this.#context.options.paths.grant(snapshot.runPath)
        failure = await entry.maps.showFinished(snapshot.runPath).then(() => failure, toFailure)
      }
      if (snapshot.state !== 'queued' && snapshot.state !== 'running') await this.#replace(entry)
      this.#publish(entry, snapshot, failure)
    })
  }

  #onPartial(jobId: string, maps: PartialMaps): void {
    const entry = this.#entries.get(jobId)
    if (!entry) return
    // Of several that pile up while one is being shown only the last is worth showing.
    const waiting = entry.latestPartial !== null
    entry.latestPartial = maps
    if (waiting) return
    this.#after(entry, async () => {
      const latest = entry.latestPartial
      entry.latestPartial = null
      if (!latest || entry.runPath !== null) return
      const before = entry.maps.ids.length
      await entry.maps.showPartial(latest)
      if (entry.maps.ids.length === before) return
      await this.#replace(entry)
      entry.job = { ...entry.job, volumes: entry.maps.ids }
      this.#context.events.send({ type: 'job', job: entry.job })
    })
  }

  #after(entry: Entry, task: () => Promise<void>): void {
    entry.work = entry.work.then(task).catch((error: unknown) => {
      entry.job = { ...entry.job, failure: toFailure(error) }
      this.#context.events.send({ type: 'job', job: entry.job })
    })
  }

  #publish(entry: Entry, snapshot: JobSnapshot, failure: Job['failure']): void {
    entry.job = { ...jobOf(snapshot, entry.maps.ids, failure), name: entry.job.name ?? null }
    if (snapshot.state !== 'queued' && snapshot.state !== 'running' && snapshot.runPath === null) {
      this.#places.release(snapshot.request.outPath)
    }
    this.#context.events.send({ type: 'job', job: entry.job })
  }
}

function runUnknown(runId: string): WedgeviewError {
  return new WedgeviewError('usage', 'run-unknown', `There is no run ${runId}.`, 'It may have been deleted already.')
}

function jobOf(snapshot: JobSnapshot, volumes: string[], failure: Job['failure']): Job {
  const { id, request, state, progress, record, runPath } = snapshot
  return { id, request, state, progress, failure, volumes, run: record, runId: runPath === null ? null : id }
}
