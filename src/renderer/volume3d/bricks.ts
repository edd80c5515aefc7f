import type { XYZ } from '../../shared/axes.ts'

/** Texels along the edge of a fine brick, and of a coarse one, which is made of whole fine ones. */
export const fineEdge = 4
export const coarseEdge = 16

/** Smallest and largest value of every brick: what a ray may skip. */
export interface Bricks {
  /** Bricks along each axis. */
  count: XYZ
  /** Pairs (smallest, largest), C-ordered (z, y, x). A brick without any number has the first above the last. */
  extremes: Float32Array<ArrayBuffer>
}

export interface BrickLevels {
  fine: Bricks
  coarse: Bricks
}

/** Layers of fine bricks after which the window gets its turn. */
const layersATurn = 4

/**
 * Extremes of bricks of 4^3 and of 16^3 with a border of one voxel: between two bricks values are interpolated, so each must know its
 * neighbours' rims. One axis after the other, so that a voxel is read about twice and not once for each brick that it borders.
 *
 * @param planeAt values of a plane of voxels, C-ordered; asked for from the first to the last
 */
export function bricksOf(size: XYZ, planeAt: (z: number) => Float32Array): BrickLevels {
  const { layer, fine } = scan(size, 1, planeAt)
  for (let bz = 0; bz < fine.count.z; bz++) layer(bz)
  return withCoarse(fine)
}

/**
 * The same of values at hand, a few layers at a time.
 *
 * @param channels values a voxel, of which the first counts
 * @returns null where `signal` was aborted on the way
 */
export async function findBricks(
  data: Float32Array,
  size: XYZ,
  signal?: AbortSignal,
  channels = 1
): Promise<BrickLevels | null> {
  const plane = channels * size.x * size.y
  const { layer, fine } = scan(size, channels, (z) => data.subarray(z * plane, (z + 1) * plane))
  for (let bz = 0; bz < fine.count.z; bz++) {
    layer(bz)
    if (bz % layersATurn > 0) continue
    await new Promise<void>((resolve) => setTimeout(resolve))
    if (signal?.aborted) return null
  }
  return withCoarse(fine)
}

/** Works out the fine bricks layer by layer. */
function scan(
  size: XYZ,
  channels: number,
  planeAt: (z: number) => Float32Array
): { fine: Bricks; layer: (bz: number) => void } {
  const count = brickCount(size, fineEdge)
  const extremes = new Float32Array(2 * count.x * count.y * count.z)
  const plane = 2 * count.x * count.y
  const planes = new Map<number, Float32Array>()
  const layer = (bz: number): void => {
    const [from, to] = withBorder(bz, size.z)
    for (const z of planes.keys()) if (z < from) planes.delete(z)
    const out = extremes.subarray(bz * plane, (bz + 1) * plane)
    nothingYet(out)
    for (let z = from; z < to; z++) {
      let of = planes.get(z)
      if (!of) planes.set(z, (of = planeExtremes(planeAt(z), size, channels, count)))
      widen(out, 0, of, 0, out.length)
    }
  }
  return { fine: { count, extremes }, layer }
}

function withCoarse(fine: Bricks): BrickLevels {
  return { fine, coarse: coarser(fine) }
}

export function brickCount({ x, y, z }: XYZ, edge: number): XYZ {
  return { x: Math.ceil(x / edge), y: Math.ceil(y / edge), z: Math.ceil(z / edge) }
}

/** The voxels of a fine brick and its neighbours' rims, half-open. */
function withBorder(brick: number, length: number): [number, number] {
  return [Math.max(0, brick * fineEdge - 1), Math.min(length, (brick + 1) * fineEdge + 1)]
}

/** One plane of voxels, its extremes over bricks along x and y. */
function planeExtremes(data: Float32Array, size: XYZ, channels: number, count: XYZ): Float32Array {
  const rows = new Float32Array(2 * count.x * size.y)
  for (let y = 0, at = 0; y < size.y; y++) {
    const row = y * size.x
    for (let bx = 0; bx < count.x; bx++, at += 2) {
      const [from, to] = withBorder(bx, size.x)
      let low = Infinity
      let high = -Infinity
      for (let i = channels * (row + from); i < channels * (row + to); i += channels) {
        const value = data[i]
        if (value < low) low = value
        if (value > high) high = value
      }
      rows[at] = low
      rows[at + 1] = high
    }
  }
  const width = 2 * count.x
  const plane = new Float32Array(width * count.y)
  nothingYet(plane)
  for (let by = 0; by < count.y; by++) {
    const [from, to] = withBorder(by, size.y)
    for (let y = from; y < to; y++) widen(plane, by * width, rows, y * width, width)
  }
  return plane
}

function nothingYet(extremes: Float32Array): void {
  for (let i = 0; i < extremes.length; i += 2) {
    extremes[i] = Infinity
    extremes[i + 1] = -Infinity
  }
}

/** Takes in `length` numbers of others, pair by pair. */
function widen(extremes: Float32Array, to: number, others: Float32Array, from: number, length: number): void {
  for (let i = 0; i < length; i += 2) {
    if (others[from + i] < extremes[to + i]) extremes[to + i] = others[from + i]
    if (others[from + i + 1] > extremes[to + i + 1]) extremes[to + i + 1] = others[from + i + 1]
  }
}

function coarser({ count: fine, extremes: of }: Bricks): Bricks {
  const each = coarseEdge / fineEdge
  const count = brickCount(fine, each)
  const extremes = new Float32Array(2 * count.x * count.y * count.z)
  nothingYet(extremes)
  for (let z = 0, at = 0; z < fine.z; z++)
    for (let y = 0; y < fine.y; y++)
      for (let x = 0; x < fine.x; x++, at += 2) {
        const brick = (Math.floor(z / each) * count.y + Math.floor(y / each)) * count.x + Math.floor(x / each)
        widen(extremes, 2 * brick, of, at, 2)
      }
  return { count, extremes }
}
