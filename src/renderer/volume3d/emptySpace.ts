import type { Bricks } from './bricks.ts'

/** What of the values is drawn: those in a range, or a surface at a level. */
export type Drawn = { from: number; to: number } | { level: number }

/** Where a ray may leap from a brick, and on which side of a level the way is. */
export const below = 1
export const above = 2

/**
 * How far from each brick nothing is drawn: pairs of bytes. The first is 0 where a brick has something to draw; d where it and all bricks
 * less than d bricks away (along every axis) have nothing. The second says for a level on which side of it the brick's values lie: `below`,
 * `above`, or 0 where it has no number.
 *
 * Bricks overlap by a voxel, so that empty ones that touch lie on one side. Where there is no number in between they need not: a ray stops
 * in front of such bricks, and in each of them.
 */
export function emptySpace({ count, extremes }: Bricks, drawn: Drawn): Uint8Array<ArrayBuffer> {
  const { x: nx, y: ny, z: nz } = count
  const distances = new Uint8Array(nx * ny * nz)
  const sides = new Uint8Array(nx * ny * nz)
  for (let i = 0; i < distances.length; i++) {
    const low = extremes[2 * i]
    const high = extremes[2 * i + 1]
    const isNothing = low > high
    if ('level' in drawn) {
      sides[i] = isNothing ? 0 : low > drawn.level ? above : below
      distances[i] = isNothing || (drawn.level >= low && drawn.level <= high) ? 0 : farthest
    } else distances[i] = !isNothing && high >= drawn.from && low <= drawn.to ? 0 : farthest
  }
  spread(distances, nx, ny, nz)
  const pairs = new Uint8Array(2 * distances.length)
  for (let i = 0; i < distances.length; i++) {
    const isBarrier = 'level' in drawn && extremes[2 * i] > extremes[2 * i + 1]
    pairs[2 * i] = isBarrier ? 1 : distances[i]
    pairs[2 * i + 1] = sides[i]
  }
  return pairs
}

const farthest = 255

/** Chessboard distance to the nearest 0: there and back, each from the 13 neighbours that were before it. */
function spread(distances: Uint8Array, nx: number, ny: number, nz: number): void {
  for (const step of [1, -1]) {
    const [z0, y0, x0] = step > 0 ? [0, 0, 0] : [nz - 1, ny - 1, nx - 1]
    for (let z = z0; z >= 0 && z < nz; z += step)
      for (let y = y0; y >= 0 && y < ny; y += step)
        for (let x = x0; x >= 0 && x < nx; x += step) {
          const i = (z * ny + y) * nx + x
          let nearest = distances[i]
          for (let dz = -1; dz <= 0 && nearest > 0; dz++)
            for (let dy = -1; dy <= (dz < 0 ? 1 : 0); dy++)
              for (let dx = -1; dx <= (dz < 0 || dy < 0 ? 1 : -1); dx++) {
                const [ax, ay, az] = [x + step * dx, y + step * dy, z + step * dz]
                if (ax < 0 || ay < 0 || az < 0 || ax >= nx || ay >= ny || az >= nz) continue
                nearest = Math.min(nearest, distances[(az * ny + ay) * nx + ax] + 1)
              }
          distances[i] = nearest
        }
  }
}
