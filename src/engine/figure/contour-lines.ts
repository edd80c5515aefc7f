import type { Slice } from '../volume/volume.ts'

/** A line between two points in the slice's pixels (voxel i covers [i, i + 1)). */
export type ContourSegment = readonly [x1: number, y1: number, x2: number, y2: number]

/**
 * Where a slice crosses a level: marching squares over the voxels' middles, linear along the sides, so that lines meet those of
 * linear interpolation wherever they pass from cell to cell. In the half voxel at the edges the value is the edge's own, as in the window.
 * Where two opposite corners are above and the other two below, the mean of the four decides which are joined (Wyvill, McPheeters and Wyvill
 * 1986). Cells with a corner that is no number hold no line.
 */
export function contourSegments({ rows, columns, data }: Slice, level: number): ContourSegment[] {
  const place = (i: number, n: number): number => (i < 0 ? 0 : i >= n ? n : i + 0.5)
  const valueAt = (x: number, y: number): number =>
    data[Math.min(rows - 1, Math.max(0, y)) * columns + Math.min(columns - 1, Math.max(0, x))]
  const segments: ContourSegment[] = []
  for (let y = -1; y < rows; y++) {
    for (let x = -1; x < columns; x++) {
      const corners = [valueAt(x, y), valueAt(x + 1, y), valueAt(x + 1, y + 1), valueAt(x, y + 1)]
      const above = corners.map((value) => value > level)
      if (above.every(Boolean) || !above.some(Boolean) || corners.some((value) => !Number.isFinite(value))) continue
      const [left, right] = [place(x, columns), place(x + 1, columns)]
      const [bottom, top] = [place(y, rows), place(y + 1, rows)]
      const places = [
        [left, bottom],
        [right, bottom],
        [right, top],
        [left, top]
      ] as const
      // Sides go around: from each corner to the next.
      const crossings: (readonly [number, number])[] = []
      for (let side = 0; side < 4; side++) {
        const next = (side + 1) % 4
        if (above[side] === above[next]) continue
        const share = (level - corners[side]) / (corners[next] - corners[side])
        crossings.push([
          places[side][0] + share * (places[next][0] - places[side][0]),
          places[side][1] + share * (places[next][1] - places[side][1])
        ])
      }
      const join = (a: number, b: number): void => {
        segments.push([...crossings[a], ...crossings[b]])
      }
      if (crossings.length === 2) join(0, 1)
      else {
        const middle = corners.reduce((sum, value) => sum + value, 0) / 4 > level
        // Crossing i lies between corner i and the next: around corner i + 1 run crossings i and i + 1.
        const cutOff = above[1] === middle ? 0 : 1
        join(1 - cutOff, (2 - cutOff) % 4)
        join(3 - cutOff, (4 - cutOff) % 4)
      }
    }
  }
  return segments
}
