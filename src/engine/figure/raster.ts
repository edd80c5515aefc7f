import { encode } from 'fast-png'
import { colourIndex } from '../../shared/colour-maps.ts'

/** An image inside a figure: RGB bytes, top row first, one pixel for `voxelsPerPixel` x `voxelsPerPixel` voxels. */
export interface Raster {
  width: number
  height: number
  voxelsPerPixel: number
  rgb: Uint8Array
}

/**
 * What of the colours a raster holds: all of them in 8 bits, or one byte of each 16-bit colour. A figure of 16 bits is drawn twice, once with
 * each byte, and joined: nearest pixels pass through drawing unchanged.
 */
export type RasterPart = 'all' | 'high' | 'low'

/** How finely colours are told apart: the map's 256 in 8 bits, or interpolated between them in 16. */
export interface Depth {
  white: number
  /** Levels from 0 to `white`. */
  colour(table: Uint8Array, share: number): readonly number[]
  /** The byte of a level that the raster holds. */
  byteOf(level: number): number
}

export function depthOf(part: RasterPart): Depth {
  return part === 'all' ? shallow : part === 'high' ? { ...deep, byteOf: (level) => Math.round(level) >> 8 } : deep
}

const shallow: Depth = {
  white: 255,
  colour(table, share) {
    const at = colourIndex(share) * 4
    return [table[at], table[at + 1], table[at + 2]]
  },
  byteOf: (level) => Math.round(level) & 255
}

const deep: Depth = {
  white: 65535,
  colour(table, share) {
    const at = share * 255
    const low = Math.min(254, Math.floor(at))
    const part = at - low
    return [0, 1, 2].map((i) => (table[low * 4 + i] * (1 - part) + table[(low + 1) * 4 + i] * part) * 257)
  },
  byteOf: (level) => Math.round(level) & 255
}

export function rasterPng({ width, height, rgb }: Raster): Uint8Array {
  return encode({ width, height, data: rgb, channels: 3, depth: 8 })
}
