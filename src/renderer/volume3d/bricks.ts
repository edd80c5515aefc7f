import type { XYZ } from '../../shared/axes.ts'

/** Texels along a brick's edge. */
export const brickEdge = 16

/** Smallest and largest value of every brick: what a ray may skip. */
export interface Bricks {
  /** Bricks along each axis. */
  count: XYZ
  /** Pairs (smallest, largest), C-ordered (z, y, x). A brick without any number has the first above the last. */
  extremes: Float32Array
}

/**
 * Extremes of bricks of 16^3 with a border of one voxel: between two bricks values are interpolated, so each must know its neighbours' rims.
 * Gives the window its turn after every layer of bricks.
 *
 * @param channels values a voxel, of which the first counts
 * @returns null where `signal` was aborted on the way
 */
export async function findBricks(
  data: Float32Array,
  size: XYZ,
  signal?: AbortSignal,
  channels = 1
): Promise<Bricks | null> {
  const count = { x: bricksAlong(size.x), y: bricksAlong(size.y), z: bricksAlong(size.z) }
  const extremes = new Float32Array(2 * count.x * count.y * count.z)
  for (let bz = 0; bz < count.z; bz++) {
    for (let by = 0; by < count.y; by++)
      for (let bx = 0; bx < count.x; bx++) {
        const [low, high] = extremesOf(data, size, channels, bx, by, bz)
        const at = 2 * ((bz * count.y + by) * count.x + bx)
        extremes[at] = low
        extremes[at + 1] = high
      }
    await new Promise<void>((resolve) => setTimeout(resolve))
    if (signal?.aborted) return null
  }
  return { count, extremes }
}

export function bricksAlong(length: number): number {
  return Math.ceil(length / brickEdge)
}

function extremesOf(
  data: Float32Array,
  size: XYZ,
  channels: number,
  bx: number,
  by: number,
  bz: number
): [number, number] {
  let low = Infinity
  let high = -Infinity
  const range = (brick: number, length: number): [number, number] => [
    Math.max(0, brick * brickEdge - 1),
    Math.min(length, (brick + 1) * brickEdge + 1)
  ]
  const [x0, x1] = range(bx, size.x)
  const [y0, y1] = range(by, size.y)
  const [z0, z1] = range(bz, size.z)
  for (let z = z0; z < z1; z++)
    for (let y = y0; y < y1; y++) {
      const row = (z * size.y + y) * size.x
      for (let i = channels * (row + x0); i < channels * (row + x1); i += channels) {
        const value = data[i]
        if (value < low) low = value
        if (value > high) high = value
      }
    }
  return [low, high]
}
