import type { Slice } from '../volume/volume.ts'

/** A line through points in the slice's pixels (voxel i covers [i, i + 1)). */
export type ContourLine = readonly Point[]
type Point = readonly [x: number, y: number]

/** Lines keep so close to the curve, in pixels of the slice. */
const tolerance = 0.002
const mostParts = 24

/**
 * Where a slice, interpolated linearly between its voxels' middles, crosses a level: as the window draws it. Inside a cell of four voxels that is a
 * piece of a hyperbola; in the half voxel at the edges the value is the edge's own. Where two opposite corners are above and the other two
 * below, the value at the saddle between them decides which are joined (Nielson and Hamann 1991), since it parts the hyperbola's branches.
 * Cells with a corner that is no number hold no line.
 */
export function contourLines({ rows, columns, data }: Slice, level: number): ContourLine[] {
  const place = (i: number, n: number): number => (i < 0 ? 0 : i >= n ? n : i + 0.5)
  const valueAt = (x: number, y: number): number =>
    data[Math.min(rows - 1, Math.max(0, y)) * columns + Math.min(columns - 1, Math.max(0, x))]
  const lines: ContourLine[] = []
  for (let y = -1; y < rows; y++) {
    for (let x = -1; x < columns; x++) {
      const corners = [valueAt(x, y), valueAt(x + 1, y), valueAt(x + 1, y + 1), valueAt(x, y + 1)]
      const above = corners.map((value) => value > level)
      if (above.every(Boolean) || !above.some(Boolean) || corners.some((value) => !Number.isFinite(value))) continue
      const [left, right] = [place(x, columns), place(x + 1, columns)]
      const [bottom, top] = [place(y, rows), place(y + 1, rows)]
      // In shares of the cell; sides go around, from each corner to the next.
      const crossings: Point[] = []
      for (let side = 0; side < 4; side++) {
        const next = (side + 1) % 4
        if (above[side] === above[next]) continue
        const share = (level - corners[side]) / (corners[next] - corners[side])
        const [from, to] = [unitCorners[side], unitCorners[next]]
        crossings.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])])
      }
      const join = (a: number, b: number): void => {
        const curve = curveBetween(crossings[a], crossings[b], corners, level)
        lines.push(curve.map(([u, v]) => [left + u * (right - left), bottom + v * (top - bottom)]))
      }
      if (crossings.length === 2) join(0, 1)
      else {
        const middle = saddleOf(corners).value > level
        // Crossing i lies between corner i and the next: around corner i + 1 run crossings i and i + 1.
        const cutOff = above[1] === middle ? 0 : 1
        join(1 - cutOff, (2 - cutOff) % 4)
        join(3 - cutOff, (4 - cutOff) % 4)
      }
    }
  }
  return lines
}

const unitCorners: readonly Point[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1]
]

/** Of the bilinear function with these corners: where it is level, and its value there. `twist` zero: it has none. */
function saddleOf([a, b, c, d]: readonly number[]): { twist: number; at: Point; value: number } {
  const twist = a - b + c - d
  return { twist, at: [(a - d) / twist, (a - b) / twist], value: (a * c - b * d) / twist }
}

/** From one crossing to another along (u - u0) (v - v0) = constant, in even ratios of its two factors. */
function curveBetween(from: Point, to: Point, corners: readonly number[], level: number): Point[] {
  const { twist, at, value } = saddleOf(corners)
  const size = Math.max(...corners) - Math.min(...corners)
  // Without a twist the function is a plane, and its level a straight line.
  if (!(Math.abs(twist) > 1e-9 * size)) return [from, to]
  const product = (level - value) / twist
  const [start, end] = [from[0] - at[0], to[0] - at[0]]
  // At the saddle's own level the branches have closed up to its two straight lines.
  if (Math.abs(product) < 1e-9) return isOnStraight(from, to) ? [from, to] : [from, at, to]
  const ratio = end / start
  if (!(ratio > 0) || !Number.isFinite(ratio)) return [from, to]
  const point = (share: number): Point => {
    const u = start * ratio ** share
    return [at[0] + u, at[1] + product / u]
  }
  const middle = point(0.5)
  const bow = Math.hypot(middle[0] - (from[0] + to[0]) / 2, middle[1] - (from[1] + to[1]) / 2)
  // A chord's distance falls with the square of how many there are.
  const parts = Math.min(mostParts, Math.max(1, Math.ceil(Math.sqrt(bow / tolerance))))
  const inside = Array.from({ length: parts - 1 }, (_, i) => point((i + 1) / parts))
  return [from, ...inside, to]
}

function isOnStraight(from: Point, to: Point): boolean {
  return Math.abs(from[0] - to[0]) < 1e-9 || Math.abs(from[1] - to[1]) < 1e-9
}
