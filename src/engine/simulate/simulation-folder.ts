import { lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WedgeviewError } from '../../shared/errors.ts'
import { programVersion } from '../runner/versions.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { recipeSchema } from './recipe.ts'
import type { Simulation } from './simulate.ts'

/** Refuses, before any work, a folder that is there already. @throws {WedgeviewError} usage / out-exists */
export async function assertSimulationFolderFree(out: string): Promise<void> {
  if (await lstat(out).catch(() => null)) throw exists(out)
}

/**
 * Writes truth.mrc, tomogram.mrc, even.mrc, odd.mrc and recipe.json beside, flushed, and renames: there is a whole folder or none.
 *
 * @throws {WedgeviewError} usage / out-exists, job / simulation-not-written and what writeVolume throws; the signal's reason when aborted
 */
export async function writeSimulation(out: string, simulation: Simulation, signal: AbortSignal): Promise<void> {
  const { recipe, truth, tomogram, even, odd } = simulation
  const beside = join(dirname(out), `${basename(out)}.partial-${process.pid}`)
  const { size, voxelSizeAngstrom: voxel, noise, seed } = recipe
  const like = {
    voxelSizeAngstrom: { x: voxel, y: voxel, z: voxel },
    origin: { x: 0, y: 0, z: 0 },
    start: { x: 0, y: 0, z: 0 },
    axisOrder: [1, 2, 3],
    labels: []
  }
  try {
    await mkdir(dirname(out), { recursive: true })
    await rm(beside, { recursive: true, force: true })
    await mkdir(beside)
    for (const [name, values] of Object.entries({ truth, tomogram, even, odd })) {
      const label = `wedgeview ${programVersion} simulated ${name} SNR ${noise.signalToNoise} seed ${seed}`
      await writeVolume(join(beside, `${name}.mrc`), values, size, like, [label.slice(0, 80)], signal)
    }
    const document = `${JSON.stringify(recipeSchema.parse(recipe), null, 2)}\n`
    await writeFile(join(beside, 'recipe.json'), document, { flush: true })
    signal.throwIfAborted()
    await flushFolder(beside)
    await rename(beside, out)
    await flushFolder(dirname(out))
  } catch (error) {
    await rm(beside, { recursive: true, force: true })
    throw inWords(error, out)
  }
}

/** Flushes a folder's own entries, which the flushes of its files don't do. Windows can't, and needs not. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function inWords(error: unknown, out: string): unknown {
  if (error instanceof WedgeviewError || !(error instanceof Error) || !('code' in error)) return error
  const { code } = error
  if (code === 'ENOTEMPTY' || code === 'EEXIST') return exists(out)
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error
  return new WedgeviewError(
    'job',
    'simulation-not-written',
    `The folder ${out} could not be written (${code}).`,
    'Choose a folder in which you may write, on a disk with room for four volumes.',
    { cause: error }
  )
}

function exists(out: string): WedgeviewError {
  return new WedgeviewError(
    'usage',
    'out-exists',
    `${out} exists already, and nothing is ever written over.`,
    'Name a folder that does not exist yet, or remove this one first.'
  )
}
