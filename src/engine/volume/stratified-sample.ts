import { wholeBox } from '../../shared/axes.ts'
import type { Box } from '../../shared/axes.ts'
import { voxelCount } from './volume.ts'
import type { ReadOptions, Volume } from './volume.ts'

/** A sample this large fixes a 0.5 percentile to about 0.01 percentage points, and sorts in milliseconds. */
const sampleLimit = 1 << 18
const stratumCount = 256
const voxelsPerStratum = sampleLimit / stratumCount
const readsAtOnce = 16

/**
 * Values from all over a volume, at a cost that does not grow with it: the volume is cut into at
 * most 256 strata (z by y) and a short contiguous run of voxels is read at a scattered place of each.
 * Small volumes are read whole. The same volume always gives the same sample.
 */
export async function stratifiedSample(volume: Volume, options: ReadOptions = {}): Promise<Float32Array> {
  const { size } = volume.info
  if (voxelCount(size) <= sampleLimit) return volume.readBox(wholeBox(size), options)
  const boxes = sampleBoxes(volume)
  const parts: Float32Array[] = []
  for (let i = 0; i < boxes.length; i += readsAtOnce) {
    const group = boxes.slice(i, i + readsAtOnce)
    parts.push(...(await Promise.all(group.map((box) => volume.readBox(box, options)))))
  }
  return joined(parts)
}

function sampleBoxes(volume: Volume): Box[] {
  const { size } = volume.info
  const x = Math.min(size.x, voxelsPerStratum)
  const y = Math.min(size.y, Math.max(1, Math.floor(voxelsPerStratum / x)))
  const z = Math.min(size.z, Math.max(1, Math.floor(voxelsPerStratum / (x * y))))
  const sectionStrata = Math.min(Math.ceil(size.z / z), Math.max(16, Math.ceil(stratumCount / Math.ceil(size.y / y))))
  const rowStrata = Math.min(Math.ceil(size.y / y), Math.max(1, Math.floor(stratumCount / sectionStrata)))
  const boxes: Box[] = []
  for (let s = 0; s < sectionStrata; s++) {
    for (let r = 0; r < rowStrata; r++) {
      const seed = s * rowStrata + r
      const z0 = placeInStratum(s, sectionStrata, size.z, z, scatter(seed, 0))
      const y0 = placeInStratum(r, rowStrata, size.y, y, scatter(seed, 1))
      const x0 = Math.floor(scatter(seed, 2) * (size.x - x + 1))
      boxes.push({ x: [x0, x0 + x], y: [y0, y0 + y], z: [z0, z0 + z] })
    }
  }
  return boxes
}

/** Where a run of `length` starts in stratum `index` of `count` along an axis of `size` voxels. */
function placeInStratum(index: number, count: number, size: number, length: number, fraction: number): number {
  const from = Math.floor((index * size) / count)
  const to = Math.floor(((index + 1) * size) / count)
  return Math.min(size - length, from + Math.floor(fraction * Math.max(1, to - from)))
}

/** Numbers in [0, 1) that look random but depend on their place only. */
function scatter(seed: number, axis: number): number {
  let hash = Math.imul(seed * 3 + axis + 1, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

function joined(parts: Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
