import type { OpacityPoint } from './default-opacity.ts'
import type { ColourMapName } from './figure.ts'
import { colourTable } from './colour-maps.ts'

/** Opacity at a share: straight between the points, which are in order, and level beyond them. */
export function opacityAt(points: readonly OpacityPoint[], share: number): number {
  const after = points.findIndex((point) => point.share >= share)
  if (after < 0) return points.at(-1)?.opacity ?? 0
  if (after === 0) return points[0].opacity
  const [a, b] = [points[after - 1], points[after]]
  const part = b.share > a.share ? (share - a.share) / (b.share - a.share) : 1
  return a.opacity + part * (b.opacity - a.opacity)
}

/** 256 RGBA entries over the range; alpha is the opacity of one voxel. */
export function transferTable(points: readonly OpacityPoint[], colourMap: ColourMapName): Float32Array {
  const colours = colourTable(colourMap)
  const table = new Float32Array(256 * 4)
  for (let i = 0; i < 256; i++) {
    for (let channel = 0; channel < 3; channel++) table[i * 4 + channel] = colours[i * 4 + channel] / 255
    table[i * 4 + 3] = opacityAt(points, i / 255)
  }
  return table
}

/** Shares between which anything is visible, for skipping empty bricks. [1, 0] where nothing is. */
export function visibleRange(table: Float32Array): [number, number] {
  let first = 256
  let last = -1
  for (let i = 0; i < 256; i++)
    if (table[i * 4 + 3] > 0) {
      first = Math.min(first, i)
      last = i
    }
  // A share is rounded to the nearest entry.
  return last < 0 ? [1, 0] : [(first - 0.5) / 255, (last + 0.5) / 255]
}

/** A point moved; its neighbours are its limits, and the ends stay at the ends. */
export function movedPoint(points: readonly OpacityPoint[], index: number, to: OpacityPoint): OpacityPoint[] {
  const isEnd = index === 0 || index === points.length - 1
  const low = points[index - 1]?.share ?? 0
  const high = points[index + 1]?.share ?? 1
  const share = isEnd ? points[index].share : Math.min(high, Math.max(low, to.share))
  const opacity = Math.min(1, Math.max(0, to.opacity))
  return points.map((point, i) => (i === index ? { share, opacity } : point))
}

/** A new point on the curve, without changing it. */
export function addedPoint(points: readonly OpacityPoint[], share: number): OpacityPoint[] {
  const at = points.findIndex((point) => point.share > share)
  if (at <= 0) return [...points]
  return [...points.slice(0, at), { share, opacity: opacityAt(points, share) }, ...points.slice(at)]
}

/** Without a point; the two ends stay. */
export function removedPoint(points: readonly OpacityPoint[], index: number): OpacityPoint[] {
  return index <= 0 || index >= points.length - 1 ? [...points] : points.filter((_, i) => i !== index)
}
