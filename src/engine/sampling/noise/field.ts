import type { ZYX } from '../../../shared/axes.ts'
import { fillNormal } from './normal.ts'
import type { NoiseKey } from './normal.ts'

/**
 * Where a box of latents sits in the whole: noise is addressed by the global index, so that two boxes
 * which overlap draw the same noise where they do (synchronous coupling, method.md section 5).
 */
export interface NoiseFrame {
  channels: number
  /** Size of the box, in latent elements per channel. */
  box: ZYX
  /** Corner of the box in the whole. */
  origin: ZYX
  /** Size of the whole. */
  whole: ZYX
}

/** A frame for a box that is the whole. */
export function wholeFrame(channels: number, box: ZYX): NoiseFrame {
  return { channels, box, origin: [0, 0, 0], whole: box }
}

/** Standard normal noise of one chain for a box, shape (channels, z, y, x), written at `out[outStart …]`. */
export function fillField(out: Float32Array | Float64Array, outStart: number, frame: NoiseFrame, key: NoiseKey): void {
  const { channels, box, origin, whole } = frame
  const isWhole = box.every((n, axis) => n === whole[axis])
  if (isWhole) {
    fillNormal(out, outStart, channels * box[0] * box[1] * box[2], 0, key)
    return
  }
  let at = outStart
  for (let channel = 0; channel < channels; channel++)
    for (let z = 0; z < box[0]; z++)
      for (let y = 0; y < box[1]; y++) {
        const first = ((channel * whole[0] + origin[0] + z) * whole[1] + origin[1] + y) * whole[2] + origin[2]
        fillNormal(out, at, box[2], first, key)
        at += box[2]
      }
}
