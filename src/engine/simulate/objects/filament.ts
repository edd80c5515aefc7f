import type { Canvas } from '../canvas.ts'
import { blurAngstrom } from '../frame.ts'
import type { PlacedObject } from '../recipe.ts'
import { rotationMatrix, turned } from '../rotation.ts'
import { drawBlob } from './blob.ts'
import { halfLengthAngstrom } from './microtubule.ts'

/** F-actin's helix: a subunit every 2.75 nm, turned by -166.7 degrees (Holmes et al., Nature 347 (1990)). */
const riseAngstrom = 27.5
const twist = (-166.7 * Math.PI) / 180
const radiusAngstrom = 16
/** A subunit of 42 kDa as a Gaussian. */
const subunitSdAngstrom = 14

type Filament = Extract<PlacedObject, { kind: 'filament' }>

export function drawFilament(canvas: Canvas, { position, rotation }: Filament): void {
  const toVolume = rotationMatrix(rotation.quaternion)
  const sd = Math.hypot(subunitSdAngstrom, blurAngstrom(canvas.frame))
  const peak = (subunitSdAngstrom / sd) ** 3
  const each = Math.ceil(halfLengthAngstrom(canvas.frame) / riseAngstrom)
  for (let n = -each; n <= each; n++) {
    const offset = turned(toVolume, {
      x: radiusAngstrom * Math.cos(n * twist),
      y: radiusAngstrom * Math.sin(n * twist),
      z: n * riseAngstrom
    })
    const { x, y, z } = position.angstrom
    drawBlob(canvas, { x: x + offset.x, y: y + offset.y, z: z + offset.z }, 3 * sd, (distance) => {
      return peak * Math.exp(-(distance * distance) / (2 * sd * sd))
    })
  }
}
