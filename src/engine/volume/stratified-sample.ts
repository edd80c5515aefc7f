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
 * most 256 strata and a short run of neighbouring voxels is read at a scattered place of each.
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
  // As long as possible along x, which is one read in most files.
  const x = Math.min(size.x, voxelsPerStratum)
  const y = Math.min(size.y, Math.max(1, Math.floor(voxelsPerStratum / x)))
  const z = Math.min(size.z, Math.max(1, Math.floor(voxelsPerStratum / (x * y))))
  const strata = strataAlong([size.x / x, size.y / y, size.z / z])
  const boxes: Box[] = []
  for (let i = 0; i < strata[0] * strata[1] * strata[2]; i++) {
    const at = [i % strata[0], Math.floor(i / strata[0]) % strata[1], Math.floor(i / (strata[0] * strata[1]))]
    const place = (axis: number, length: number, run: number): [number, number] => {
      const from = Math.floor((at[axis] * length) / strata[axis])
      const to = Math.floor(((at[axis] + 1) * length) / strata[axis])
      const start = Math.min(length - run, from + Math.floor(scatter(i, axis) * (to - from)))
      return [start, start + run]
    }
    boxes.push({ x: place(0, size.x, x), y: place(1, size.y, y), z: place(2, size.z, z) })
  }
  return boxes
}

/** How many strata along x, y and z: cut the axis with the longest strata in two until there are enough. */
function strataAlong(runs: readonly [number, number, number]): [number, number, number] {
  const counts: [number, number, number] = [1, 1, 1]
  for (let cut = 1; cut * 2 <= stratumCount; cut *= 2) {
    const lengths = runs.map((run, axis) => run / counts[axis])
    const longest = lengths.indexOf(Math.max(...lengths))
    if (lengths[longest] < 2) break
    counts[longest] *= 2
  }
  return counts
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
