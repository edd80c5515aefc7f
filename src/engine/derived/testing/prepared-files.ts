import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Box, XYZ } from '../../../shared/axes.ts'
import { boxSize, toZYX, wholeBox } from '../../../shared/axes.ts'
import type { RunRecord } from '../../../shared/runs.ts'
import { runRecordSchema } from '../../../shared/runs.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { memberFile } from '../../posterior/run-maps.ts'
import type { HeaderFacts } from '../../volume/write-volume.ts'
import { measuredFraction } from '../../wedge/fraction.ts'

/**
 * A tomogram and a finished CryoWGEN-II run of a part of it, written in a moment without any network: for tests of what is shown and made
 * of a run. A shell of density whose SD grows along x.
 */
export const preparedSize: XYZ = { x: 40, y: 36, z: 28 }
export const preparedRegion: Box = { x: [6, 34], y: [5, 29], z: [4, 24] }
export const preparedMembers = 8
export const preparedWedge: Wedge = {
  tiltAxis: 'y',
  beamAxis: 'z',
  tiltMin: -52,
  tiltMax: 58,
  edgeSoftness: 0,
  lowPass: null
}

export type PreparedMap = 'mean' | 'std' | 'variance' | 'wedge-variance' | 'measured-variance' | 'wedge-share' | 'r-hat'

/** 0 to 1, the same at every run. */
function scattered(n: number): number {
  const value = Math.sin(n * 12.9898 + 4.1) * 43758.5453
  return value - Math.floor(value)
}

function filled(size: XYZ, valueAt: (x: number, y: number, z: number, index: number) => number): Float32Array {
  const out = new Float32Array(size.x * size.y * size.z)
  let at = 0
  for (let z = 0; z < size.z; z++)
    for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++, at++) out[at] = valueAt(x, y, z, at)
  return out
}

const size = boxSize(preparedRegion)

const mean = filled(size, (x, y, z) => {
  const r = Math.hypot(x - 13, y - 11.5, z - 9.5)
  return 100 + 60 * Math.exp(-((r - 6) ** 2) / 3)
})
const std = filled(size, (x, _, z) => 3 + (9 * x) / (size.x - 1) + z / 10)
const wedgeShare = filled(size, (x, y) => 0.2 + (0.5 * (x + y)) / (size.x + size.y))
const variance = std.map((value) => value * value)
const rHat = filled(size, (_, y) => 1 + (0.3 * y) / (size.y - 1))

/** Every map of the run, (z, y, x). */
export const preparedMaps: Readonly<Record<PreparedMap, Float32Array>> = {
  mean,
  std,
  variance,
  'wedge-variance': variance.map((value, i) => value * wedgeShare[i]),
  'measured-variance': variance.map((value, i) => value * (1 - wedgeShare[i])),
  'wedge-share': wedgeShare,
  'r-hat': rHat
}

/** Member k, counted from 0. */
export function preparedMember(k: number): Float32Array {
  return mean.map((value, i) => value + std[i] * 3.46 * (scattered(i * preparedMembers + k) - 0.5))
}

/** Writes (z, y, x) float32 values as an MRC file. Given by the caller, since specs load mrc-js from another place than unit tests. */
export type WriteMrc = (path: string, values: Float32Array, size: XYZ, header: HeaderFacts) => Promise<unknown>

const header: HeaderFacts = {
  voxelSizeAngstrom: { x: 10, y: 10, z: 10 },
  origin: { x: 0, y: 0, z: 0 },
  start: { x: 0, y: 0, z: 0 },
  axisOrder: [1, 2, 3],
  labels: []
}

const steps = 60

/** diagnostics.json: two chains that come down to one level. */
export const preparedDiagnostics = {
  ess: 46,
  rHat: 1.08,
  acceptance: null,
  objective: null,
  weightEss: null,
  trace: {
    potential: Array.from({ length: steps }, (_, i) => 900 + 400 * Math.exp(-i / 6)),
    misfit: Array.from({ length: steps }, (_, i) => 1.02 + Math.exp(-i / 5)),
    groups: [
      { group: 'voxels', ess: 92, rHat: 1.01, worstEss: 40, worstRHat: 1.06 },
      { group: 'measured', ess: 110, rHat: 1.004, worstEss: 61, worstRHat: 1.03 },
      { group: 'wedge', ess: 46, rHat: 1.08, worstEss: 22, worstRHat: 1.19 }
    ]
  }
}

export function preparedRecord(tomogramPath: string, edit: Partial<RunRecord> = {}): RunRecord {
  return runRecordSchema.parse({
    program: 'wedgeview',
    version: '0.1.0',
    method: 'cryowgen-2',
    input: { path: tomogramPath, sha256: '0'.repeat(64), size: preparedSize, roi: preparedRegion },
    bundle: { name: 'gaussian', version: '1.0.0', sha256: '1'.repeat(64) },
    wedge: {
      ...preparedWedge,
      source: 'given',
      measuredFraction: measuredFraction(preparedWedge, toZYX(size))
    },
    settings: {
      gamma: 1,
      step: 0.1,
      steps,
      burnIn: 20,
      thin: 2,
      chains: 2,
      members: preparedMembers,
      mala: false,
      seed: 5
    },
    chosen: [],
    device: 'cpu',
    tiles: 1,
    seconds: 12,
    misfitPerMeasuredVoxel: 1.02,
    diagnostics: { ess: 46, rHat: 1.08, acceptance: null, objective: null, weightEss: null },
    partial: false,
    warnings: [
      {
        code: 'step-bias',
        message:
          'A step bias expected of 5.3 % in the variance (2.6 % in the standard deviation): the chain is not Metropolis-corrected. ' +
          'A smaller --step or --mala reduces it.'
      }
    ],
    startedAt: '2026-01-05T10:00:00.000Z',
    versions: { node: '20' },
    ...edit
  })
}

/** Writes `<folder>/prepared.mrc`: the mean in its region, with noise everywhere. Resolves to its path. */
export async function preparedTomogramFile(folder: string, write: WriteMrc): Promise<string> {
  const path = join(folder, 'prepared.mrc')
  const whole = wholeBox(preparedSize)
  const tomogram = filled(boxSize(whole), (x, y, z, i) => {
    const at = [x - preparedRegion.x[0], y - preparedRegion.y[0], z - preparedRegion.z[0]]
    const inside = at[0] >= 0 && at[1] >= 0 && at[2] >= 0 && at[0] < size.x && at[1] < size.y && at[2] < size.z
    const signal = inside ? mean[(at[2] * size.y + at[1]) * size.x + at[0]] : 100
    return signal + 40 * (scattered(i) - 0.5)
  })
  await write(path, tomogram, preparedSize, header)
  return path
}

/** Writes a run beside the tomogram, as the program would have left it. Resolves to its folder. */
export async function preparedRunFiles(
  tomogramPath: string,
  write: WriteMrc,
  name = 'cryowgen-2-1',
  edit: Partial<RunRecord> = {}
): Promise<string> {
  const path = join(tomogramPath.replace(/\.mrc$/, '.wedgeview'), name)
  await mkdir(join(path, 'members'), { recursive: true })
  const start = { x: preparedRegion.x[0], y: preparedRegion.y[0], z: preparedRegion.z[0] }
  const like = { ...header, start, origin: { x: 10 * start.x, y: 10 * start.y, z: 10 * start.z } }
  for (const [map, values] of Object.entries(preparedMaps)) await write(join(path, `${map}.mrc`), values, size, like)
  for (let k = 0; k < preparedMembers; k++) await write(join(path, memberFile(k)), preparedMember(k), size, like)
  await writeFile(join(path, 'diagnostics.json'), JSON.stringify(preparedDiagnostics))
  await writeFile(join(path, 'run.json'), JSON.stringify(preparedRecord(tomogramPath, edit)))
  return path
}
