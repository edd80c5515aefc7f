/** A stretch of an axis that one tile covers, in voxels of the padded region; half-open ranges. */
export interface AxisTile {
  /** What the networks see: all tiles of an axis have the same length. */
  start: number
  stop: number
  /** What members are cropped to: the cores of an axis cover it without overlap. */
  core: readonly [number, number]
  /** Where the tile's weight is not 0: core and ramps. Never within the halo of an edge that the tile shares. */
  support: readonly [number, number]
  /** Half-widths of the ramps at both ends; 0 at the ends of the axis. */
  ramps: readonly [number, number]
}

/** How an axis is cut. All lengths in voxels; `length`, `edge` and so every start are multiples of `multiple`. */
export interface AxisCut {
  length: number
  edge: number
  /** Voxels at a shared edge that are not used. */
  halo: number
  multiple: number
}

/** Narrowest half-width of the ramp that two neighbours are blended over. */
export const narrowestRamp = 2

/** Voxels that a tile adds to those before it, at most; not positive where the tile is all halo. */
export function tileAdvance({ edge, halo, multiple }: AxisCut): number {
  return Math.floor((edge - 2 * halo - 2 * narrowestRamp) / multiple) * multiple
}

/**
 * Tiles of one axis, spread evenly so that no two overlap less than twice the halo and a ramp. One tile where the edge covers the axis.
 *
 * @throws {RangeError} where a tile is all halo
 */
export function cutAxis(cut: AxisCut): AxisTile[] {
  const { length, edge, halo, multiple } = cut
  if (length <= edge) return [{ start: 0, stop: length, core: [0, length], support: [0, length], ramps: [0, 0] }]
  const advance = tileAdvance(cut)
  if (advance < 1) throw new RangeError(`A tile of ${edge} voxels with a halo of ${halo} has no inside.`)
  const count = 1 + Math.ceil((length - edge) / advance)
  const units = (length - edge) / multiple
  const starts = Array.from({ length: count }, (_, i) => multiple * Math.floor((i * units) / (count - 1)))
  // Neighbours meet in the middle of their overlap.
  const meetings = starts.slice(1).map((start, i) => Math.floor((start + starts[i] + edge) / 2))
  const ramps = meetings.map((at, i) => {
    const free = Math.min(at - starts[i + 1] - halo, starts[i] + edge - halo - at)
    const toNext = Math.min(at - (meetings[i - 1] ?? -Infinity), (meetings[i + 1] ?? Infinity) - at)
    return Math.min(free, Math.floor(toNext / 2))
  })
  return starts.map((start, i) => {
    const [from, to] = [meetings[i - 1] ?? 0, meetings[i] ?? length]
    const [before, after] = [ramps[i - 1] ?? 0, ramps[i] ?? 0]
    return {
      start,
      stop: start + edge,
      core: [from, to],
      support: [from - before, to + after],
      ramps: [before, after]
    }
  })
}

/** Weight of a tile at each voxel of its support. Over the tiles of an axis weights add up to 1 at every voxel. */
export function axisWeights({ core, support, ramps }: AxisTile): Float64Array {
  return Float64Array.from({ length: support[1] - support[0] }, (_, i) => {
    const at = support[0] + i
    return rise(at, core[0], ramps[0]) - rise(at, core[1], ramps[1])
  })
}

/** From 0 to 1 along a raised cosine of half-width `ramp` around a boundary between two voxels. */
function rise(voxel: number, boundary: number, ramp: number): number {
  if (ramp === 0) return voxel < boundary ? 0 : 1
  const t = (voxel + 0.5 - boundary) / ramp
  if (t <= -1) return 0
  if (t >= 1) return 1
  return 0.5 * (1 + Math.sin((Math.PI * t) / 2))
}
