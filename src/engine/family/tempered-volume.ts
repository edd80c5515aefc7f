import { boxSize, toZYX, wholeBox } from '../../shared/axes.ts'
import type { Box } from '../../shared/axes.ts'
import type { Tempering } from '../../shared/directions.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { combinedVolume } from '../directions/combined-volume.ts'
import { cutBox, memoryVolume } from '../volume/memory-volume.ts'
import type { ReadOptions, Slice, Volume } from '../volume/volume.ts'
import { voxelCount } from '../volume/volume.ts'
import { createWedgeOperator } from '../wedge/operator.ts'

/** Filtered in about 20 ms: this thread serves slices too. */
const turnVoxels = 1 << 17

/** (I - T_M) of a volume, method.md section 2, a few planes perpendicular to the tilt axis at a time. */
export async function wedgePart(volume: Volume, wedge: Wedge, options: ReadOptions = {}): Promise<Volume> {
  const { size } = volume.info
  const voxels = await volume.readBox(wholeBox(size), options)
  const out = new Float32Array(voxels.length)
  const axis = wedge.tiltAxis
  const planes = size[axis]
  const atOnce = Math.max(1, Math.floor(turnVoxels / (voxelCount(size) / planes)))
  let operator = null
  for (let from = 0; from < planes; from += atOnce) {
    options.signal?.throwIfAborted()
    await new Promise(setImmediate)
    const box: Box = { ...wholeBox(size), [axis]: [from, Math.min(planes, from + atOnce)] }
    const part = toZYX(boxSize(box))
    if (operator?.size.join() !== part.join()) operator = createWedgeOperator(wedge, part)
    putBox(out, size, box, operator.complement(cutBox(voxels, size, box)))
  }
  return memoryVolume(out, volume.info)
}

/**
 * A member as predicted for another temperature: mean + s_m (member - mean) + (s_w - s_m) (I - T_M)(member - mean).
 *
 * @param inWedge (I - T_M)(member - mean); needed only where the two factors differ
 */
export function temperedMember(
  member: Volume,
  mean: Volume,
  { wedge, measured }: Tempering,
  inWedge: Volume | null
): Volume {
  const terms: [number, Volume][] = [
    [measured, member],
    [1 - measured, mean]
  ]
  if (wedge !== measured && inWedge) terms.push([wedge - measured, inWedge])
  return combinedVolume(terms)
}

/** The maps of a family that hold its spread; variances in squares of grey values. */
export interface SpreadMaps {
  readonly std: Volume
  /** Where they are missing, as in a run that is going, both parts must have one factor. */
  readonly wedgeVariance: Volume | null
  readonly measuredVariance: Volume | null
}

/**
 * The posterior SD as predicted for another temperature. With deviations d = w + m, var d = var w + var m + 2 cov, so the covariance of the two
 * parts follows from the maps, and var(s_w w + s_m m) = s_w^2 var w + s_m^2 var m + s_w s_m (var d - var w - var m).
 */
export function temperedStd(maps: SpreadMaps, { wedge, measured }: Tempering): Volume {
  const { std, wedgeVariance, measuredVariance } = maps
  if (wedge === measured || !wedgeVariance || !measuredVariance) return combinedVolume([[measured, std]])
  const product = wedge * measured
  return mapped([std, wedgeVariance, measuredVariance], (sd, inWedge, outside) => {
    const cross = sd * sd - inWedge - outside
    return Math.sqrt(Math.max(0, wedge * wedge * inWedge + measured * measured * outside + product * cross))
  })
}

/** The share of the variance that lies in the wedge, at another temperature. */
export function temperedShare(inWedge: Volume, outside: Volume, { wedge, measured }: Tempering): Volume {
  return mapped([inWedge, outside], (a, b) => {
    const scaled = wedge * wedge * a
    const total = scaled + measured * measured * b
    return total > 0 ? scaled / total : 0
  })
}

/** Voxel by voxel, of volumes of one size. */
export function mapped(volumes: readonly Volume[], of: (...values: number[]) => number): Volume {
  const apply = (parts: readonly Float32Array[]): Float32Array =>
    parts[0].map((_, i) => of(...parts.map((values) => values[i])))
  return {
    info: volumes[0].info,
    async readSlice(plane, index, options): Promise<Slice> {
      const slices = await Promise.all(volumes.map((volume) => volume.readSlice(plane, index, options)))
      return { rows: slices[0].rows, columns: slices[0].columns, data: apply(slices.map(({ data }) => data)) }
    },
    readBox: async (box, options) => apply(await Promise.all(volumes.map((volume) => volume.readBox(box, options)))),
    async close() {}
  }
}

function putBox(target: Float32Array, size: Volume['info']['size'], box: Box, values: Float32Array): void {
  const { x: columns, y: rows, z: sections } = boxSize(box)
  for (let z = 0; z < sections; z++)
    for (let y = 0; y < rows; y++) {
      const to = ((box.z[0] + z) * size.y + box.y[0] + y) * size.x + box.x[0]
      const from = (z * rows + y) * columns
      target.set(values.subarray(from, from + columns), to)
    }
}
