import { constants, existsSync } from 'node:fs'
import { access, lstat, mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { WedgeviewError } from '../../shared/errors.ts'
import { runRecordSchema, type RunRecord } from '../../shared/runs.ts'
import type { RunMap } from './run-maps.ts'
import { errorCode, flushFolder, takePlace } from './staging.ts'

/** Everything a finished run leaves behind; see cli.md for the files. */
export interface RunContents {
  readonly record: RunRecord
  /** diagnostics.json: potential and misfit per step, R-hat, ESS, directional variance. */
  readonly diagnostics: unknown
  readonly maps: readonly RunMap[] | MapsInSections
}

/** Maps that are too large to be held: each turn gives the next sections of all of them, in the same order. */
export interface MapsInSections {
  readonly turns: AsyncIterable<readonly RunMap[]>
  /** Voxels of a section. */
  readonly sectionVoxels: number
  readonly open: OpenMap
}

/** Starts one map as an MRC file. */
export type OpenMap = (path: string, role: RunMap['role']) => Promise<SectionWriter>
export interface SectionWriter {
  write(section: Float32Array): Promise<void>
  finish(): Promise<unknown>
  abort(): Promise<void>
}

/** Writes one map as an MRC file. */
export type WriteMap = (path: string, map: RunMap) => Promise<void>

/**
 * Refuses, before any work, a place where the run folder could not be written.
 *
 * @throws {WedgeviewError} usage / out-exists, input / out-not-writable, job / disk-full
 */
export async function assertRunFolderPossible(outPath: string, bytes: number): Promise<void> {
  if (await lstat(outPath).catch(() => null)) throw outExists(outPath)
  const parent = await existingParent(outPath)
  await access(parent, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw new WedgeviewError(
      'input',
      'out-not-writable',
      `The run folder ${outPath} can't be made: ${parent} can't be written.`,
      'Choose a folder in which you may write.',
      { cause }
    )
  })
  const { bavail, bsize } = await statfs(parent)
  if (bavail * bsize < bytes)
    throw diskFull(outPath, `it needs ${megabytes(bytes)}, and ${megabytes(bavail * bsize)} are free`)
}

export function outExists(outPath: string): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'out-exists',
    `${outPath} exists already, and a run is never written over another.`,
    existsSync(join(outPath, 'state'))
      ? 'It is an unfinished run: go on with it with --resume, or remove it first.'
      : 'Name a folder that does not exist yet, or remove this one first.'
  )
}

/**
 * Writes the whole run beside its final name, flushes it to the disk and renames it: whoever looks sees no run or a
 * complete one. The `state/` of the unfinished run that OUT was until now goes. `beforeFile` is called before each file and may throw to stop.
 *
 * @throws {WedgeviewError} job / disk-full, usage / out-exists, job / run-not-written; then nothing is left
 */
export async function writeRunFolder(
  outPath: string,
  stagingPath: string,
  contents: RunContents,
  writeMap: WriteMap,
  beforeFile: () => void = () => undefined
): Promise<void> {
  // What this run may not be: a record that the program itself could not read again.
  const record = runRecordSchema.parse(contents.record)
  try {
    await mkdir(stagingPath, { recursive: true })
    if ('turns' in contents.maps) await writeInSections(stagingPath, contents.maps, beforeFile)
    else {
      if (contents.maps.some(isMember)) await mkdir(join(stagingPath, 'members'))
      for (const map of contents.maps) {
        beforeFile()
        await writeMap(join(stagingPath, map.file), map)
      }
    }
    beforeFile()
    await writeJson(join(stagingPath, 'diagnostics.json'), contents.diagnostics)
    await writeJson(join(stagingPath, 'run.json'), record)
    await flushFolder(stagingPath)
    await takePlace(stagingPath, outPath)
    await flushFolder(dirname(outPath))
  } catch (error) {
    await rm(stagingPath, { recursive: true, force: true })
    throw inWords(error, outPath)
  }
}

function isMember({ file }: RunMap): boolean {
  return dirname(file) === 'members'
}

/** All maps side by side, section by section. */
async function writeInSections(
  stagingPath: string,
  { turns, sectionVoxels, open }: MapsInSections,
  beforeTurn: () => void
): Promise<void> {
  const writers = new Map<string, SectionWriter>()
  try {
    for await (const maps of turns) {
      beforeTurn()
      if (writers.size === 0 && maps.some(isMember)) await mkdir(join(stagingPath, 'members'))
      for (const { file, role, values } of maps) {
        const writer = writers.get(file) ?? (await open(join(stagingPath, file), role))
        writers.set(file, writer)
        for (let at = 0; at < values.length; at += sectionVoxels)
          await writer.write(values.subarray(at, at + sectionVoxels))
      }
    }
    for (const writer of writers.values()) await writer.finish()
  } catch (error) {
    await Promise.all([...writers.values()].map((writer) => writer.abort().catch(() => undefined)))
    throw error
  }
}

async function existingParent(path: string): Promise<string> {
  const parent = dirname(path)
  const found = await stat(parent).catch(() => null)
  if (found?.isDirectory()) return parent
  if (found || parent === path)
    throw new WedgeviewError(
      'input',
      'out-not-writable',
      `The run folder ${path} can't be made: ${parent} is not a folder.`,
      'Choose a folder in which you may write.'
    )
  return existingParent(parent)
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`, { flush: true })
}

/** A failure to write a run, in words; what is none is given back as it is. */
export function inWords(error: unknown, outPath: string): unknown {
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(outPath, 'the disk became full while it was written')
  if (code === 'ENOTEMPTY' || code === 'EEXIST')
    return new WedgeviewError(
      'usage',
      'out-exists',
      `${outPath} was made by something else while the job ran.`,
      'Run again with another name.'
    )
  if (code === 'EACCES' || code === 'EROFS' || code === 'EIO')
    return new WedgeviewError(
      'job',
      'run-not-written',
      `The run folder ${outPath} could not be written (${code}).`,
      'Check the disk and its permissions, then run again.',
      { cause: error }
    )
  return error
}

function diskFull(outPath: string, detail: string): WedgeviewError {
  return new WedgeviewError(
    'job',
    'disk-full',
    `There is no room for the run folder ${outPath}: ${detail}.`,
    'Free some space, keep fewer members, or choose a folder on another disk.'
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MiB`
}
