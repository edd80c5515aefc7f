import { surfaceColour } from './volume-view.ts'
import type { VolumeView, WorldBlock } from './volume-view.ts'
import { coneColour, coneShare, lengthInCone } from './wedge-cone.ts'

/**
 * The window's ray marcher (renderer/volume3d/marching.glsl) without a graphics card, for figures that look the same from the command line.
 * One ray in, one colour out; the steps, the light and the order of things are the shader's, and a test of the window compares the two.
 */
export interface Ray {
  origin: Triple
  /** Unit length. */
  direction: Triple
  right: Triple
  up: Triple
  back: Triple
  /** Where it passes the picture, from its bottom (0) to its top (1). */
  rise: number
}

export type Triple = readonly [number, number, number]
type Colour = [number, number, number]

/** Texels a step. */
const stepTexels = 1

/** @param start where in the first step the first sample lies, 0 to 1 */
export function march(view: VolumeView, ray: Ray, start: number): Colour {
  const { block, mode } = view
  const extent: Triple = [block.high.x - block.low.x, block.high.y - block.low.y, block.high.z - block.low.z]
  const low: Triple = [block.low.x, block.low.y, block.low.z]
  const direction = map(ray.direction, (value) => (Math.abs(value) < 1e-7 ? value + 1e-7 : value))
  const p0 = map(low, (value, i) => (ray.origin[i] - value) / extent[i])
  const d = map(direction, (value, i) => value / extent[i])
  const clip = [view.clip.x, view.clip.y, view.clip.z]
  const whole = crossing(p0, d, [0, 0, 0], [1, 1, 1])
  const range = crossing(p0, d, [clip[0][0], clip[1][0], clip[2][0]], [clip[0][1], clip[1][1], clip[2][1]])
  range[0] = Math.max(0, range[0])
  cutFront(view, ray, direction, low, extent, range)

  let wall = Infinity
  ;[view.slices.x, view.slices.y, view.slices.z].forEach((share, axis) => {
    if (share === null) return
    const t = (share - p0[axis]) / d[axis]
    const p = map(p0, (value, i) => (i === axis ? share : value + t * d[i]))
    if (t < 0 || t > wall || p.some((value) => value < 0 || value > 1)) return
    wall = t
  })
  const [bottom, top] = view.background
  const ground = map(bottom, (value, i) => mixed(value, top[i], ray.rise))
  let behind: Colour = [...ground]
  if (wall < Infinity) {
    const p = map(p0, (value, i) => Math.min(1, Math.max(0, value + wall * d[i])))
    const grey = shareOf(valueAt(block, p), ordered(view.range))
    behind = tintAt(view, p, [grey, grey, grey])
  }
  range[1] = Math.min(range[1], wall)

  // Cells of crossing probabilities have a place of their own in the world; the other modes march through the block itself.
  const { probability: cells, relief } = view.crossing ?? { probability: block, relief: block }
  const toCells = (p: Triple): Triple =>
    view.crossing ? map(p, (value, i) => (low[i] + value * extent[i] - corner(cells.low)[i]) / side(cells)[i]) : p
  if (view.crossing) {
    const q0 = toCells(p0)
    const inGrid = crossing(
      q0,
      map(direction, (value, i) => value / side(cells)[i]),
      [0, 0, 0],
      [1, 1, 1]
    )
    range[0] = Math.max(range[0], inGrid[0])
    range[1] = Math.min(range[1], inGrid[1])
  }

  const sum: [number, number, number, number] = [0, 0, 0, 0]
  let best = -1
  let total = 0
  let counted = 0
  let depth = range[0]
  if (range[0] < range[1]) {
    const [across, up, along3] = side(cells)
    const texel = Math.min(across / cells.size.x, up / cells.size.y, along3 / cells.size.z)
    const dt = texel * stepTexels
    let before = Number.NaN
    for (let t = range[0] + dt * start; t < range[1]; t += dt) {
      const p = along(p0, d, t)
      const q = toCells(p)
      const value = valueAt(cells, q)
      if (Number.isNaN(value)) {
        before = value
        continue
      }
      if (mode === 'maximum') {
        const share = shareOf(value, view.range)
        if (share > best) {
          best = share
          depth = t
        }
      } else if (mode === 'average') {
        total += value
        counted++
      } else if (mode === 'surface') {
        const above = value - view.level
        if (above * before <= 0 && above !== before) {
          depth = refined(view, p0, d, t - dt, t, before)
          const at = along(p0, d, depth)
          const base = tintAt(view, at, [...surfaceColour])
          const shaded = lit(base, gradientAt(block, at, extent), ray)
          sum[0] = shaded[0]
          sum[1] = shaded[1]
          sum[2] = shaded[2]
          sum[3] = 1
          break
        }
        before = above
      } else {
        const share = mode === 'direct' ? shareOf(value, view.range) : value
        const entry = Math.round(share * 255) * 4
        const crossed = view.crossing ? share : 4 * share * (1 - share)
        const opacityOfTexel = mode === 'direct' ? view.transfer[entry + 3] : crossed
        const opacity = 1 - (1 - Math.min(opacityOfTexel, 0.9999)) ** (dt / texel)
        if (opacity > 0) {
          const own: Colour =
            mode === 'direct'
              ? [view.transfer[entry], view.transfer[entry + 1], view.transfer[entry + 2]]
              : [...surfaceColour]
          const slope = cloudGradientAt(relief, q, side(relief))
          const shaded = lit(tintAt(view, p, own), slope, ray)
          if (sum[3] < 0.5) depth = t
          const weight = (1 - sum[3]) * opacity
          for (let i = 0; i < 3; i++) sum[i] += weight * shaded[i]
          sum[3] += weight
          if (sum[3] > 0.995) break
        }
      }
    }
  }
  if (mode === 'maximum' || mode === 'average') {
    const share = mode === 'maximum' ? best : counted > 0 ? shareOf(total / counted, view.range) : -1
    if (share >= 0) {
      const ink = ground[0] > 0.5 ? 0 : 1
      const drawn: Colour = view.ink
        ? [mixed(behind[0], ink, share), mixed(behind[1], ink, share), mixed(behind[2], ink, share)]
        : colourOf(view.colours, share)
      sum[0] = drawn[0]
      sum[1] = drawn[1]
      sum[2] = drawn[2]
      sum[3] = 1
    }
  }
  const fade =
    whole[1] > whole[0] && sum[3] > 0.001
      ? Math.min(1, Math.max(0, (depth - whole[0]) / (whole[1] - whole[0]))) * view.depthCue
      : 0
  const passed = view.cone && lengthInCone(view.cone, ray.origin, direction, sum[3] > 0.5 ? depth : wall)
  const veil = view.cone && passed ? coneShare(view.cone, passed) : 0
  return [0, 1, 2].map((i) => {
    const front = mixed(sum[i], ground[i] * sum[3], fade)
    return mixed(front + (1 - sum[3]) * behind[i], coneColour[i], veil)
  }) as Colour
}

/** A cut parallel to the screen, as the window makes it. */
function cutFront(view: VolumeView, ray: Ray, direction: Triple, low: Triple, extent: Triple, range: number[]): void {
  if (view.cutFront <= 0) return
  const radius = Math.hypot(...extent) / 2
  const middle = dot(
    ray.back,
    map(low, (value, i) => value + extent[i] / 2)
  )
  const offset = middle + radius * (1 - 2 * view.cutFront)
  const speed = dot(ray.back, direction)
  const t = (offset - dot(ray.back, ray.origin)) / (Math.abs(speed) < 1e-9 ? 1e-9 : speed)
  if (speed < 0) range[0] = Math.max(range[0], t)
  else range[1] = Math.min(range[1], t)
}

function refined(view: VolumeView, p0: Triple, d: Triple, from: number, to: number, before: number): number {
  let [a, b, fa] = [from, to, before]
  for (let i = 0; i < 5; i++) {
    const middle = 0.5 * (a + b)
    const f = valueAt(view.block, along(p0, d, middle)) - view.level
    if (f * fa <= 0) b = middle
    else {
      a = middle
      fa = f
    }
  }
  return 0.5 * (a + b)
}

/** Trilinear between the voxels' middles, level beyond the outermost: a linear filter with clamped edges. */
export function valueAt({ data, size }: WorldBlock, [px, py, pz]: Triple): number {
  const x = Math.min(size.x - 1, Math.max(0, px * size.x - 0.5))
  const y = Math.min(size.y - 1, Math.max(0, py * size.y - 0.5))
  const z = Math.min(size.z - 1, Math.max(0, pz * size.z - 0.5))
  const x0 = Math.min(size.x - 1, Math.floor(x))
  const y0 = Math.min(size.y - 1, Math.floor(y))
  const z0 = Math.min(size.z - 1, Math.floor(z))
  const dx = x0 + 1 < size.x ? 1 : 0
  const dy = y0 + 1 < size.y ? size.x : 0
  const dz = z0 + 1 < size.z ? size.x * size.y : 0
  const at = (z0 * size.y + y0) * size.x + x0
  const [fx, fy, fz] = [x - x0, y - y0, z - z0]
  const plane = (from: number): number =>
    (data[from] * (1 - fx) + data[from + dx] * fx) * (1 - fy) +
    (data[from + dy] * (1 - fx) + data[from + dy + dx] * fx) * fy
  return plane(at) * (1 - fz) + plane(at + dz) * fz
}

function gradientAt(block: WorldBlock, p: Triple, extent: Triple): Triple {
  const { x, y, z } = block.size
  const slope = (axis: 0 | 1 | 2, count: number): number => {
    const h = 1 / count
    const moved = (by: number): Triple => [
      p[0] + (axis === 0 ? by : 0),
      p[1] + (axis === 1 ? by : 0),
      p[2] + (axis === 2 ? by : 0)
    ]
    return (valueAt(block, moved(h)) - valueAt(block, moved(-h))) / (2 * h * extent[axis])
  }
  return [slope(0, x), slope(1, y), slope(2, z)]
}

/** From the corners of a tetrahedron: four samples where central differences take six. */
function cloudGradientAt(block: WorldBlock, p: Triple, extent: Triple): Triple {
  const h: Triple = [1 / block.size.x, 1 / block.size.y, 1 / block.size.z]
  const sum: [number, number, number] = [0, 0, 0]
  for (const corner of tetrahedron) {
    const value = valueAt(
      block,
      map(p, (at, i) => at + corner[i] * h[i])
    )
    for (let i = 0; i < 3; i++) sum[i] += corner[i] * value
  }
  return map(sum, (total, i) => total / (4 * h[i] * extent[i]))
}

const tetrahedron: readonly Triple[] = [
  [1, 1, 1],
  [1, -1, -1],
  [-1, 1, -1],
  [-1, -1, 1]
]

function lit(base: Colour, gradient: Triple, { direction, right, up }: Ray): Colour {
  const steepness = Math.hypot(...gradient)
  if (!(steepness > 1e-12)) return base
  const normal = map(gradient, (value) => value / steepness)
  const toViewer = map(direction, (value) => -value)
  const lamp = unit(map(toViewer, (value, i) => value + 0.35 * up[i] + 0.2 * right[i]))
  const half = unit(map(lamp, (value, i) => value + toViewer[i]))
  const diffuse = 0.28 + 0.72 * Math.abs(dot(normal, lamp))
  const glint = 0.12 * Math.abs(dot(normal, half)) ** 32
  return [base[0] * diffuse + glint, base[1] * diffuse + glint, base[2] * diffuse + glint]
}

function tintAt({ tint, block }: VolumeView, p: Triple, fallback: Colour): Colour {
  if (!tint) return fallback
  const low: Triple = [block.low.x, block.low.y, block.low.z]
  const high: Triple = [block.high.x, block.high.y, block.high.z]
  const tintLow: Triple = [tint.block.low.x, tint.block.low.y, tint.block.low.z]
  const tintHigh: Triple = [tint.block.high.x, tint.block.high.y, tint.block.high.z]
  const at = map(p, (value, i) => (low[i] + value * (high[i] - low[i]) - tintLow[i]) / (tintHigh[i] - tintLow[i]))
  if (at.some((value) => value < 0 || value > 1)) return fallback
  const value = valueAt(tint.block, at)
  return Number.isNaN(value) ? fallback : colourOf(tint.colours, shareOf(value, tint.range))
}

function colourOf(table: Uint8Array, share: number): Colour {
  const at = Math.floor(share * 255 + 0.5) * 4
  return [table[at] / 255, table[at + 1] / 255, table[at + 2] / 255]
}

function shareOf(value: number, { low, high }: { low: number; high: number }): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)))
}

function ordered({ low, high }: { low: number; high: number }): { low: number; high: number } {
  return { low: Math.min(low, high), high: Math.max(low, high) }
}

function corner({ x, y, z }: WorldBlock['low']): Triple {
  return [x, y, z]
}

function side({ low, high }: WorldBlock): Triple {
  return [high.x - low.x, high.y - low.y, high.z - low.z]
}

function crossing(p0: Triple, d: Triple, low: Triple, high: Triple): [number, number] {
  let near = -Infinity
  let far = Infinity
  for (let i = 0; i < 3; i++) {
    const a = (low[i] - p0[i]) / d[i]
    const b = (high[i] - p0[i]) / d[i]
    near = Math.max(near, Math.min(a, b))
    far = Math.min(far, Math.max(a, b))
  }
  return [near, far]
}

function along(p0: Triple, d: Triple, t: number): Triple {
  return [p0[0] + t * d[0], p0[1] + t * d[1], p0[2] + t * d[2]]
}

function map(v: Triple, f: (value: number, axis: number) => number): Triple {
  return [f(v[0], 0), f(v[1], 1), f(v[2], 2)]
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function unit(v: Triple): Triple {
  const length = Math.hypot(...v)
  return map(v, (value) => value / length)
}

function mixed(a: number, b: number, share: number): number {
  return a + (b - a) * share
}
