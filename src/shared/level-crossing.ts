import type { XYZ } from './axes.ts'

/**
 * Where a surface of one level may lie, given what a volume may be: for every cell between eight neighbouring voxels' middles the probability
 * that the level is crossed in it, as in Poethkow and Hege, "Positional uncertainty of isocontours" (2011).
 */
export interface CrossingCells {
  /** One less than there are voxels along each axis; 1 where there is one voxel. */
  size: XYZ
  /**
   * Pairs, C-ordered (z, y, x): probability that the cell is crossed, and the mean of the middle volume at its corners, whose slope tells which
   * way the surface faces. Probability 0 where a corner has no number.
   */
  values: Float32Array
}

/** Planes of cells after which other work gets its turn. */
const planesATurn = 8
/** Members that one word of bits can hold. */
const bitsAWord = 32

/**
 * The share of members that have corners on both sides of the level: no assumption about their distribution or about how neighbours vary
 * together. Its steps are 1 / K.
 *
 * @param members of one size, (z, y, x)
 * @returns null where `signal` was aborted on the way
 */
export async function crossingOfMembers(
  members: readonly Float32Array[],
  size: XYZ,
  level: number,
  signal?: AbortSignal
): Promise<CrossingCells | null> {
  const plane = size.x * size.y
  const middle = (from: number): Float64Array => {
    const sums = new Float64Array(plane)
    for (const member of members) for (let i = 0; i < plane; i++) sums[i] += member[from + i]
    return sums.map((sum) => sum / members.length)
  }
  const groups = Array.from({ length: Math.ceil(members.length / bitsAWord) }, (_, i) =>
    members.slice(i * bitsAWord, (i + 1) * bitsAWord)
  )
  const bitsOf = (group: readonly Float32Array[], from: number): Int32Array => {
    const bits = new Int32Array(plane)
    group.forEach((member, k) => {
      for (let i = 0; i < plane; i++) if (member[from + i] > level) bits[i] |= 1 << k
    })
    return bits
  }
  const planeAt = (z: number) => ({
    bits: groups.map((group) => bitsOf(group, z * plane)),
    middle: middle(z * plane)
  })
  return overCells(size, planeAt, signal, (near, far, corners) => {
    let crossing = 0
    for (let group = 0; group < groups.length; group++) {
      const [a, b] = [near.bits[group], far.bits[group]]
      let any = 0
      let all = -1
      for (let c = 0; c < 4; c++) {
        const [one, other] = [a[corners[c]], b[corners[c]]]
        any |= one | other
        all &= one & other
      }
      crossing += bitCount(any & ~all)
    }
    return crossing / members.length
  })
}

/**
 * From the probability that each voxel lies above the level, as if neighbouring voxels varied together: a draw that lifts one lifts them all, so
 * that the surface passes between a corner that is above in more draws and one that is above in fewer. Max - min over the corners; along a line
 * through a slope the cells' probabilities then add up to 1. (Independent neighbours would make every uncertain cell a crossed one.)
 *
 * @param middle its slope tells which way the surface faces: the mean, or `above` itself
 */
export async function crossingOfProbability(
  above: Float32Array,
  middle: Float32Array,
  size: XYZ,
  signal?: AbortSignal
): Promise<CrossingCells | null> {
  const plane = size.x * size.y
  const planeAt = (z: number) => ({
    above: above.subarray(z * plane, (z + 1) * plane),
    middle: middle.subarray(z * plane, (z + 1) * plane)
  })
  return overCells(size, planeAt, signal, (near, far, corners) => {
    let low = Infinity
    let high = -Infinity
    for (let c = 0; c < 4; c++) {
      const [one, other] = [near.above[corners[c]], far.above[corners[c]]]
      low = Math.min(low, one, other)
      high = Math.max(high, one, other)
    }
    return high - low
  })
}

/** P(x > level) where each voxel is N(mean, SD^2); above or not where it has no spread. */
export function probabilityAbove(mean: Float32Array, std: Float32Array, level: number): Float32Array {
  return mean.map((centre, i) => {
    const distance = centre - level
    if (std[i] > 0) return normalShare(distance / std[i])
    return Number.isNaN(distance) || Number.isNaN(std[i]) ? Number.NaN : distance > 0 ? 1 : 0
  })
}

/** Phi(z) by Abramowitz and Stegun 26.2.17, to 7.5e-8: more than an opacity of 8 bits can show. */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * series
  return z > 0 ? 1 - tail : tail
}

interface Plane {
  middle: ArrayLike<number>
}

/** Walks the cells with the planes of voxels below and above them; each plane is made once. */
async function overCells<P extends Plane>(
  size: XYZ,
  planeAt: (z: number) => P,
  signal: AbortSignal | undefined,
  probability: (near: P, far: P, corners: readonly [number, number, number, number]) => number
): Promise<CrossingCells | null> {
  const cells = { x: Math.max(1, size.x - 1), y: Math.max(1, size.y - 1), z: Math.max(1, size.z - 1) }
  const values = new Float32Array(2 * cells.x * cells.y * cells.z)
  const [right, up] = [size.x > 1 ? 1 : 0, size.y > 1 ? size.x : 0]
  const corners: [number, number, number, number] = [0, 0, 0, 0]
  let near = planeAt(0)
  let at = 0
  for (let z = 0; z < cells.z; z++) {
    const far = size.z > 1 ? planeAt(z + 1) : near
    for (let y = 0; y < cells.y; y++)
      for (let x = 0; x < cells.x; x++, at += 2) {
        const from = y * size.x + x
        corners[0] = from
        corners[1] = from + right
        corners[2] = from + up
        corners[3] = from + right + up
        let middle = 0
        for (let c = 0; c < 4; c++) middle += near.middle[corners[c]] + far.middle[corners[c]]
        values[at + 1] = middle / 8
        // A corner without a number makes the mean none.
        values[at] = Number.isNaN(middle) ? 0 : probability(near, far, corners)
      }
    near = far
    if ((z + 1) % planesATurn > 0) continue
    await new Promise<void>((resolve) => setTimeout(resolve))
    if (signal?.aborted) return null
  }
  return { size: cells, values }
}

function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
