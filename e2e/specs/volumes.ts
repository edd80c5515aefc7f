import { createMrc } from '../../packages/mrc-js/src/index.ts'
import type { WriteMrc } from '../../src/engine/derived/testing/prepared-files.ts'

/** Files with known content for specs. */

export const markedSize = { x: 24, y: 16, z: 10 }

/** Grey value of each corner block of the marked volume, by the corner's side along x, y and z. */
export const cornerValues: Readonly<Record<string, number>> = {
  'low low low': 40,
  'high low low': 70,
  'low high low': 100,
  'high high low': 130,
  'low low high': 160,
  'high low high': 190,
  'low high high': 220,
  'high high high': 250
}

function corner(x: number, y: number, z: number): number | undefined {
  const side = (at: number, n: number): string => (at < 4 ? 'low' : at >= n - 4 ? 'high' : 'middle')
  return cornerValues[`${side(x, markedSize.x)} ${side(y, markedSize.y)} ${side(z, markedSize.z)}`]
}

/** A volume whose eight corners can be told apart; float32, voxels of 10 Angstrom, the rest 0. */
export async function writeMarkedVolume(path: string): Promise<void> {
  const { x: nx, y: ny, z: nz } = markedSize
  const writer = await createMrc(path, {
    size: markedSize,
    mode: 2,
    voxelSizeAngstrom: { x: 10, y: 10, z: 10 }
  })
  for (let z = 0; z < nz; z++) {
    const section = new Float32Array(nx * ny)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) section[y * nx + x] = corner(x, y, z) ?? 0
    await writer.writeSection(section)
  }
  await writer.finish()
}

/** Values from 0 to 255 along x, with a block of NaN in the upper right quarter. */
export async function writeRampWithNaN(path: string): Promise<void> {
  const writer = await createMrc(path, { size: { x: 16, y: 8, z: 1 }, mode: 2, voxelSizeAngstrom: null })
  const section = new Float32Array(16 * 8)
  for (let y = 0; y < 8; y++) for (let x = 0; x < 16; x++) section[y * 16 + x] = x >= 8 && y >= 4 ? Number.NaN : x * 17
  await writer.writeSection(section)
  await writer.finish()
}

/** Voxels of 10 x 10 x 20 Angstrom: the ball is round in space, not in voxels. */
export const ballSize = { x: 40, y: 36, z: 24 }

/** Distance to the surface of a ball of 12 x voxels around the middle, in x voxels: positive inside, exactly linear along every radius. */
export function ballDistance(x: number, y: number, z: number): number {
  return 12 - Math.hypot(x + 0.5 - 20, y + 0.5 - 18, 2 * (z + 0.5 - 12))
}

export async function writeBall(path: string): Promise<void> {
  await writeValues(path, ballSize, { x: 10, y: 10, z: 20 }, ballDistance)
}

/** A slab of value 6 from z = 8 to 16 of 24, over the left half in x; 0 elsewhere. */
export async function writeSlab(path: string): Promise<void> {
  await writeValues(path, { x: 32, y: 32, z: 24 }, { x: 10, y: 10, z: 10 }, (x, _y, z) =>
    x < 16 && z >= 8 && z < 16 ? 6 : 0
  )
}

async function writeValues(
  path: string,
  size: { x: number; y: number; z: number },
  voxelSizeAngstrom: { x: number; y: number; z: number },
  valueOf: (x: number, y: number, z: number) => number
): Promise<void> {
  const writer = await createMrc(path, { size, mode: 2, voxelSizeAngstrom })
  for (let z = 0; z < size.z; z++) {
    const section = new Float32Array(size.x * size.y)
    for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++) section[y * size.x + x] = valueOf(x, y, z)
    await writer.writeSection(section)
  }
  await writer.finish()
}

/** (z, y, x) values as a float32 MRC file with a header's facts. */
/** Of a volume of 10 Å voxels in the usual order. */
export const plainHeader = {
  voxelSizeAngstrom: { x: 10, y: 10, z: 10 },
  origin: { x: 0, y: 0, z: 0 },
  start: { x: 0, y: 0, z: 0 },
  axisOrder: [1, 2, 3],
  labels: []
}

export const writeFloats: WriteMrc = async (path, values, size, header) => {
  const { voxelSizeAngstrom, origin, start } = header
  const writer = await createMrc(path, { size, mode: 2, voxelSizeAngstrom, origin, start })
  const section = size.x * size.y
  for (let z = 0; z < size.z; z++) await writer.writeSection(values.subarray(z * section, (z + 1) * section))
  await writer.finish()
}

/** 24 x 16 x 8 voxels; every slice of XY is even, of grey value 32 z. */
export const stepsSize = { x: 24, y: 16, z: 8 }
export const stepValue = (z: number): number => 32 * z

export async function writeSteps(path: string): Promise<void> {
  await writeValues(path, stepsSize, { x: 10, y: 10, z: 10 }, (_x, _y, z) => stepValue(z))
}
