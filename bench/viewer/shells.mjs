// The volume that bench/viewer/volume.mjs draws: hollow balls in noise, as vesicles in a tomogram; int16, the noise's SD 100, the shells at 1000.
import { closeSync, openSync, writeSync } from 'node:fs'
import { mrcHeader, niftiHeader } from './headers.mjs'

const shellValue = 1000
const noiseSd = 100

/** A lot that is the same at every run. */
function lots(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

/** Balls in shares of the side. */
function balls() {
  const draw = lots(7)
  return Array.from({ length: 60 }, () => ({
    x: draw(),
    y: draw(),
    z: draw(),
    radius: 0.04 + 0.08 * draw(),
    half: 0.008
  }))
}

/** Writes both files section by section. */
export function writeShells(mrcPath, niftiPath, side) {
  const size = { x: side, y: side, z: side }
  const files = [openSync(mrcPath, 'w'), openSync(niftiPath, 'w')]
  writeSync(files[0], mrcHeader(size))
  writeSync(files[1], niftiHeader(size))
  const all = balls()
  const draw = lots(3)
  // A sum of four even lots is near enough to a normal one; drawn once, and used from another place in every section.
  const noise = Float32Array.from({ length: 1 << 20 }, () => noiseSd * 1.732 * (draw() + draw() + draw() + draw() - 2))
  const values = new Int16Array(side * side)
  for (let z = 0; z < side; z++) {
    const from = Math.floor(draw() * noise.length)
    for (let i = 0; i < values.length; i++) values[i] = noise[(from + i) & (noise.length - 1)]
    for (const ball of all) stamp(values, side, z, ball)
    const bytes = new Uint8Array(values.buffer)
    for (const file of files) writeSync(file, bytes)
  }
  for (const file of files) closeSync(file)
}

function stamp(values, side, z, { x, y, z: height, radius, half }) {
  const dz = (z + 0.5) / side - height
  const outer = radius + half
  if (Math.abs(dz) > outer) return
  const range = (middle) => [
    Math.max(0, Math.floor((middle - outer) * side)),
    Math.min(side, Math.ceil((middle + outer) * side))
  ]
  const [y0, y1] = range(y)
  const [x0, x1] = range(x)
  for (let row = y0; row < y1; row++)
    for (let column = x0; column < x1; column++) {
      const r = Math.hypot((column + 0.5) / side - x, (row + 0.5) / side - y, dz)
      if (Math.abs(r - radius) <= half) values[row * side + column] += shellValue
    }
}
