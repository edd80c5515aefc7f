import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { summariseBundle } from '../../engine/bundle/check.ts'
import { createJobQueue, type JobSnapshot } from '../../engine/jobs/index.ts'
import { assertRunFolderPossible } from '../../engine/posterior/run-folder.ts'
import { childProcessRunner } from '../../engine/runner/child-process.ts'
import type { SpawnRunner } from '../../engine/runner/port.ts'
import { openVolume } from '../../engine/volume/open-volume.ts'
import { assertBox } from '../../engine/volume/volume.ts'
import type { Axis, Box } from '../../shared/axes.ts'
import type { BundleSummary } from '../../shared/bundles.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { methods, type MethodId } from '../../shared/methods.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { deviceSchema, type Device } from '../../shared/settings.ts'
import { Termination, writeJson, type CliIo } from '../io.ts'
import { programFolders } from '../program-folders.ts'
import {
  parseAxis,
  parseHalfMaps,
  parseMethods,
  parseRegion,
  parseThreads,
  parseTiltRange
} from '../reconstruct/flag-values.ts'
import { progressDisplay } from '../reconstruct/progress-display.ts'
import { tasksToResume, type Task } from '../reconstruct/resumable.ts'
import { addSettingFlags, settingsFrom, unreadFlags } from '../reconstruct/setting-flags.ts'
import { chooseWedge } from '../reconstruct/wedge-choice.ts'

/** An io may bring its own way to start the runner process; else the built one is started. */
export interface ReconstructIo extends CliIo {
  readonly spawnRunner?: SpawnRunner
}

interface ReconstructOptions extends Record<string, unknown> {
  bundle: string
  method: MethodId[]
  out: string
  tiltRange?: { tiltMin: number; tiltMax: number }
  tiltAxis?: Axis
  beamAxis?: Axis
  roi?: Box
  halfMaps?: [even: string, odd: string]
  sampler?: NonNullable<ReconstructRequest['sampler']>
  device: Device
  threads?: number
  resume?: true
  json?: true
}

export function register(program: Command, io: ReconstructIo): void {
  const command = program
    .command('reconstruct')
    .description('reconstruct a region of a tomogram, with its uncertainty where the method gives a family')
    .argument('<FILE>', 'tomogram')
    .requiredOption('--bundle <DIR>', 'model bundle')
    .requiredOption('--method <NAMES>', `one or several of ${Object.keys(methods).join(',')}`, parseMethods)
    .requiredOption('--out <DIR>', 'run folder to make; with several methods, one folder a method inside it')
    .option('--tilt-range <A:B>', 'recorded tilts in degrees, for example -60:60', parseTiltRange)
    .option('--tilt-axis <AXIS>', 'x, y or z', parseAxis)
    .option('--beam-axis <AXIS>', 'x, y or z', parseAxis)
    .option('--roi <R>', 'only this region, x0:x1,y0:y1,z0:z1 in voxels, half-open', parseRegion)
  addSettingFlags(command)
  command
    .option(
      '--half-maps <EVEN,ODD>',
      'tomograms of the even and the odd tilts or frames: the noise is measured on their difference',
      parseHalfMaps
    )
    .addOption(
      new Option('--sampler <NAME>', 'how CryoWGEN-II draws its family; langevin unless given').choices([
        'langevin',
        'split-gibbs'
      ])
    )
    .addOption(new Option('--device <NAME>', 'where networks run').choices(deviceSchema.options).default('auto'))
    .option('--threads <N>', 'CPU threads', parseThreads)
    .option('--resume', 'go on with an interrupted run in --out; everything else as it was given')
    .option('--json', 'one JSON document on standard output: run.json, or a list of them for several methods')
    .action((file: string, options: ReconstructOptions) => reconstruct(file, options, io))
}

async function reconstruct(file: string, options: ReconstructOptions, io: ReconstructIo): Promise<void> {
  const tasks = await tasksOf(file, options, io)
  const records = await runAll(tasks, io)
  if (options.json) writeJson(io, records.length === 1 ? records[0] : records)
}

/** Everything that can be refused is refused here, before the first network is loaded. */
async function tasksOf(file: string, options: ReconstructOptions, io: ReconstructIo): Promise<Task[]> {
  const volumePath = resolve(io.workingDirectory, file)
  const bundlePath = resolve(io.workingDirectory, options.bundle)
  const out = resolve(io.workingDirectory, options.out)
  const settings = settingsFrom(options)
  const halfMaps = options.halfMaps?.map((path) => resolve(io.workingDirectory, path)) as typeof options.halfMaps
  const volume = await openVolume(volumePath, { signal: io.interrupted })
  try {
    if (options.roi) assertBox(volume.info, options.roi)
    const bundle = await summariseBundle(bundlePath)
    for (const method of options.method) assertWorks(bundle, method)
    const { wedge, source } = await chooseWedge(options, volume, bundle.wedge, io.interrupted)
    const requests = options.method.map((method): ReconstructRequest => ({
      volumePath,
      bundlePath,
      method,
      outPath: options.method.length === 1 ? out : join(out, method),
      wedge,
      wedgeSource: source,
      roi: options.roi ?? null,
      settings,
      ...(halfMaps && { halfMaps }),
      device: options.device,
      threads: options.threads ?? null,
      ...(options.sampler && { sampler: options.sampler })
    }))
    const unread = unreadFlags(settings, options.method)
    if (unread.length > 0) io.stderr(`Not read by the chosen methods: ${unread.join(', ')}\n`)
    if (options.resume) return await tasksToResume(requests, bundle.sha256, io.interrupted)
    for (const { outPath } of requests) await assertRunFolderPossible(outPath, 0)
    return requests.map((request) => ({ request, finished: null }))
  } finally {
    await volume.close()
  }
}

function assertWorks({ name, methods: supported }: BundleSummary, method: MethodId): void {
  const found = supported.find((each) => each.method === method)
  if (found?.works) return
  const able = supported.filter(({ works }) => works).map((each) => each.method)
  throw new WedgeviewError(
    'input',
    'method-unsupported',
    `${methods[method].name} does not work with the bundle ${name}: ${found?.reason ?? 'it is not listed.'}`,
    able.length > 0 ? `With this bundle use ${able.join(', ')}.` : 'Choose another bundle.'
  )
}

/** One method after the other; the first that fails ends the command, and what is finished stays. */
async function runAll(tasks: readonly Task[], io: ReconstructIo): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  const spawnRunner = io.spawnRunner ?? builtRunner()
  let onJob: (job: JobSnapshot) => void = () => undefined
  const queue = createJobQueue({
    spawnRunner,
    onJob: (job) => onJob(job),
    onPartial: () => undefined,
    onLog: (level, message) => level !== 'info' && io.stderr(`${message}\n`)
  })
  const interrupt = (): void => {
    // Nobody decided against the run: what it has computed stays, to be resumed.
    if (io.interrupted.reason instanceof Termination) {
      io.stderr('Told to end: what has been computed is kept; go on with --resume.\n')
      return queue.abandon()
    }
    for (const { id } of queue.list()) void queue.cancel(id, { keep: false })
  }
  io.interrupted.addEventListener('abort', interrupt)
  try {
    for (const { request, finished } of tasks) {
      io.interrupted.throwIfAborted()
      if (finished) {
        io.stderr(`${request.outPath} was complete already.\n`)
        records.push(finished)
        continue
      }
      const display = progressDisplay(io, methods[request.method].name)
      try {
        const ended = new Promise<JobSnapshot>((done) => {
          onJob = (job) => {
            if (job.progress && job.state === 'running') display.show(job.progress)
            if (job.state !== 'queued' && job.state !== 'running') done(job)
          }
        })
        queue.submit(request)
        records.push(recordOf(await ended))
      } finally {
        display.close()
      }
      io.stderr(summary(records[records.length - 1], request.outPath))
    }
    return records
  } finally {
    io.interrupted.removeEventListener('abort', interrupt)
    await queue.close()
  }
}

function builtRunner(): SpawnRunner {
  const { runnerEntry } = programFolders()
  if (existsSync(runnerEntry)) return childProcessRunner(runnerEntry)
  throw new WedgeviewError(
    'job',
    'program-incomplete',
    `The process that runs networks is not built: there is no ${runnerEntry}.`,
    'Run `npm ci && npm run build` in the program’s folder first.'
  )
}

function recordOf({ record, failure }: JobSnapshot): RunRecord {
  if (record) return record
  if (failure) throw new WedgeviewError(failure.kind, failure.code, failure.message, failure.hint)
  throw new Error('The job ended without a record and without a failure.')
}

function summary(record: RunRecord, outPath: string): string {
  const { misfitPerMeasuredVoxel, seconds, device, warnings } = record
  const lines = [
    `${outPath}: ${seconds.toFixed(1)} s on ${device}, data misfit per measured voxel ${misfitPerMeasuredVoxel.toFixed(3)}`,
    ...warnings.map(({ message }) => `Note: ${message}`)
  ]
  return `${lines.join('\n')}\n`
}
