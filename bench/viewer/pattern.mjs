// The volumes that all viewers show: black and white squares on a raster of 8 x 8 in every slice, drawn by lot for each slice, so that the
// 64 squares on screen tell which slice is shown; with some noise on top.
import { closeSync, openSync, writeSync } from 'node:fs'
import { mrcHeader, niftiHeader } from './headers.mjs'

export const squares = 8
export const [black, white] = [-1000, 1000]

/** Whether a square of a slice is white. */
function isWhite(column, row, slice) {
  let hash = Math.imul(column + 8 * row + 64 * slice + 1, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) & 1) === 1
}

/** A slice's squares, row by row from y = 0, as a text of 0 and 1. */
export function codeOf(slice) {
  const numbers = Array.from({ length: squares * squares }, (_, i) => i)
  return numbers.map((i) => (isWhite(i % squares, Math.floor(i / squares), slice) ? '1' : '0')).join('')
}

function section({ x: nx, y: ny }, z) {
  const values = new Int16Array(nx * ny)
  for (let y = 0, i = 0; y < ny; y++) {
    const row = Math.floor((squares * y) / ny)
    for (let column = 0; column < squares; column++) {
      const value = isWhite(column, row, z) ? white : black
      const end = y * nx + Math.ceil(((column + 1) * nx) / squares)
      for (; i < end; i++) values[i] = value + (Math.imul(i + z, 0x9e3779b1) >>> 25)
    }
  }
  return new Uint8Array(values.buffer)
}

/** Writes int16 voxels behind a header. */
function write(path, size, header) {
  const file = openSync(path, 'w')
  writeSync(file, header)
  for (let z = 0; z < size.z; z++) writeSync(file, section(size, z))
  closeSync(file)
}

export const writeMrc = (path, size) => write(path, size, mrcHeader(size))
export const writeNifti = (path, size) => write(path, size, niftiHeader(size))
