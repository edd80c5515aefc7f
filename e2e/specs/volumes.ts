import { createMrc } from '../../packages/mrc-js/src/index.ts'

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
