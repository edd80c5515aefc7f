import type { XYZ } from '../../../shared/axes.ts'
import type { Canvas } from '../canvas.ts'
import { extentAngstrom, type Frame } from '../frame.ts'
import type { PlacedObject } from '../recipe.ts'
import { composed, rotationMatrix, turned, type Quaternion } from '../rotation.ts'
import type { Template } from '../template.ts'
import { drawTemplate } from './draw-template.ts'

/**
 * The lattice of a 13-protofilament microtubule: monomers follow each other every 4.06 nm along a protofilament, and neighbouring
 * protofilaments are shifted so that the left-handed helix through them climbs three monomers a turn (Chretien and Wade, Biology of the
 * Cell 71 (1991)). Alpha- and beta-tubulin look alike at this resolution: both are the beta density, so there is no seam.
 */
const monomerRiseAngstrom = 40.6
const monomersPerTurn = 3
/** From the axis to the monomers' centres of mass. */
const radiusAngstrom = 111

/** The template's own axes: x around the tube, y along it, z outwards. This turn brings them to y, z, x, a monomer at angle 0. */
const upright: Quaternion = { w: 0.5, x: 0.5, y: 0.5, z: 0.5 }

type Microtubule = Extract<PlacedObject, { kind: 'microtubule' }>

/** Outer radius, for what asks how much room a tube takes. */
export const microtubuleOuterRadiusAngstrom = radiusAngstrom + 35

export function drawMicrotubule(canvas: Canvas, tube: Microtubule, tubulin: Template): void {
  const { protofilaments, position, rotation } = tube
  const toVolume = rotationMatrix(rotation.quaternion)
  const half = halfLengthAngstrom(canvas.frame)
  for (let filament = 0; filament < protofilaments; filament++) {
    const angle = (2 * Math.PI * filament) / protofilaments
    const around: Quaternion = { w: Math.cos(angle / 2), x: 0, y: 0, z: Math.sin(angle / 2) }
    const turn = composed(rotation.quaternion, composed(around, upright))
    // Left-handed: it sinks as the angle grows.
    const shift = (-monomersPerTurn * monomerRiseAngstrom * filament) / protofilaments
    const first = Math.ceil((-half - shift) / monomerRiseAngstrom)
    for (let at = first * monomerRiseAngstrom + shift; at <= half; at += monomerRiseAngstrom) {
      const local = { x: radiusAngstrom * Math.cos(angle), y: radiusAngstrom * Math.sin(angle), z: at }
      drawTemplate(canvas, tubulin, sum(position.angstrom, turned(toVolume, local)), turn)
    }
  }
}

/** As far from any point of the box as its farthest corner may be. */
export function halfLengthAngstrom(frame: Frame): number {
  const { x, y, z } = extentAngstrom(frame)
  return Math.hypot(x, y, z)
}

function sum(a: XYZ, b: XYZ): XYZ {
  return { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z }
}
