import type { XYZ } from '../../../shared/axes.ts'

/**
 * A level of the pyramid is stored as bricks, so that a slice of any plane reads little more than what it shows. A brick holds 8 x 32 x 32
 * voxels (z, y, x) as 16-bit steps between its own least and greatest value: half the size of float32, and 65 000 grey levels where they are
 * needed. Bricks at the far edges are padded, so that each has its place. Numbers are in the byte order of the machine whose cache it is.
 */
export const brickSize: XYZ = { x: 32, y: 32, z: 8 }
const brickVoxels = brickSize.x * brickSize.y * brickSize.z
/** Two float64: the value of step 0, and the length of a step. */
const brickHeaderBytes = 16
export const brickBytes = brickHeaderBytes + 2 * brickVoxels

const stepCount = 65534
/** The step that stands for "not a number". */
const notANumber = 65535

/** Bricks along each axis. */
export function brickCounts(size: XYZ): XYZ {
  const along = (axis: 'x' | 'y' | 'z'): number => Math.ceil(size[axis] / brickSize[axis])
  return { x: along('x'), y: along('y'), z: along('z') }
}

/** Bytes of a whole level. */
export function levelBytes(size: XYZ): number {
  const { x, y, z } = brickCounts(size)
  return x * y * z * brickBytes
}

/**
 * Encodes a slab of up to 8 sections (z, y, x) as one layer of bricks, those along x first. Voxels beyond the slab are padded with "not
 * a number".
 */
export function encodeLayer(slab: Float32Array, columns: number, rows: number, sections: number): Uint8Array {
  const counts = brickCounts({ x: columns, y: rows, z: 1 })
  const bytes = new Uint8Array(counts.x * counts.y * brickBytes)
  const view = new DataView(bytes.buffer)
  for (let by = 0, brick = 0; by < counts.y; by++) {
    for (let bx = 0; bx < counts.x; bx++, brick++) {
      const x0 = bx * brickSize.x
      const y0 = by * brickSize.y
      const width = Math.min(brickSize.x, columns - x0)
      const height = Math.min(brickSize.y, rows - y0)
      let min = Infinity
      let max = -Infinity
      for (let z = 0; z < sections; z++) {
        for (let y = 0; y < height; y++) {
          const from = (z * rows + y0 + y) * columns + x0
          for (let i = from; i < from + width; i++) {
            const value = slab[i]
            if (value < min) min = value
            if (value > max) max = value
          }
        }
      }
      const base = max >= min ? min : 0
      const step = max > min ? (max - min) / stepCount : 1
      const offset = brick * brickBytes
      view.setFloat64(offset, base, true)
      view.setFloat64(offset + 8, step, true)
      const stored = new Uint16Array(bytes.buffer, offset + brickHeaderBytes, brickVoxels).fill(notANumber)
      const scale = 1 / step
      for (let z = 0; z < sections; z++) {
        for (let y = 0; y < height; y++) {
          const from = (z * rows + y0 + y) * columns + x0
          const to = (z * brickSize.y + y) * brickSize.x
          for (let x = 0; x < width; x++) {
            const value = slab[from + x]
            stored[to + x] = value - value === 0 ? Math.round((value - base) * scale) : notANumber
          }
        }
      }
    }
  }
  return bytes
}

/** Part of a brick: half-open ranges within it. */
export interface BrickPart {
  x: readonly [number, number]
  y: readonly [number, number]
  z: readonly [number, number]
}

/**
 * Decodes part of the brick at `offset` of `bytes` (which begins at an even byte of its buffer) into `out`: voxel (z, y, x) of the part goes to
 * start + z * steps.z + y * steps.y + x * steps.x.
 */
export function decodeBrick(
  bytes: Uint8Array,
  offset: number,
  part: BrickPart,
  out: Float32Array,
  start: number,
  outSteps: XYZ
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, brickHeaderBytes)
  const base = view.getFloat64(0, true)
  const step = view.getFloat64(8, true)
  const steps = new Uint16Array(bytes.buffer, bytes.byteOffset + offset + brickHeaderBytes, brickVoxels)
  for (let z = part.z[0]; z < part.z[1]; z++) {
    for (let y = part.y[0]; y < part.y[1]; y++) {
      let to = start + (z - part.z[0]) * outSteps.z + (y - part.y[0]) * outSteps.y
      const row = (z * brickSize.y + y) * brickSize.x
      for (let x = part.x[0]; x < part.x[1]; x++, to += outSteps.x) {
        const stored = steps[row + x]
        out[to] = stored === notANumber ? Number.NaN : base + stored * step
      }
    }
  }
}
