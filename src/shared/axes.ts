import { z } from 'zod'

/**
 * Axis conventions. Volumes are C-ordered (z, y, x): x runs fastest. The beam is z and the tilt axis
 * y unless a wedge says otherwise.
 */
export const axisSchema = z.enum(['x', 'y', 'z'])
export type Axis = z.infer<typeof axisSchema>

/** Three numbers in code order (z, y, x). */
export type ZYX = readonly [z: number, y: number, x: number]

/** Three named numbers, as in JSON documents. */
export const xyzSchema = z.object({ x: z.number(), y: z.number(), z: z.number() })
export type XYZ = z.infer<typeof xyzSchema>

export const planeSchema = z.enum(['xy', 'xz', 'yz'])
/** A slice plane. Rows and columns: xy = (y, x); xz = (z, x); yz = (z, y). Row 0 is drawn at the bottom, as in IMOD. */
export type Plane = z.infer<typeof planeSchema>

/** The axis a plane is stepped along, and those of its columns (to the right) and rows (upwards). */
export const planeAxes: Readonly<Record<Plane, { normal: Axis; column: Axis; row: Axis }>> = {
  xy: { normal: 'z', column: 'x', row: 'y' },
  xz: { normal: 'y', column: 'x', row: 'z' },
  yz: { normal: 'x', column: 'y', row: 'z' }
}

const rangeSchema = z.tuple([z.number().int(), z.number().int()])
export const boxSchema = z.object({ x: rangeSchema, y: rangeSchema, z: rangeSchema })
/** A box of voxels, half-open on every axis. */
export type Box = z.infer<typeof boxSchema>

export function boxSize(box: Box): XYZ {
  return { x: box.x[1] - box.x[0], y: box.y[1] - box.y[0], z: box.z[1] - box.z[0] }
}

export function wholeBox(size: XYZ): Box {
  return { x: [0, size.x], y: [0, size.y], z: [0, size.z] }
}

export function toZYX(size: XYZ): ZYX {
  return [size.z, size.y, size.x]
}

/** `x0:x1,y0:y1,z0:z1`, the command line's way to write a box. */
export function formatBox(box: Box): string {
  return (['x', 'y', 'z'] as const).map((axis) => `${box[axis][0]}:${box[axis][1]}`).join(',')
}

/** Parses `x0:x1,y0:y1,z0:z1`; null where the text is not of that form. */
export function parseBox(text: string): Box | null {
  const match = /^(\d+):(\d+),(\d+):(\d+),(\d+):(\d+)$/.exec(text.replaceAll(' ', ''))
  if (!match) return null
  const n = match.slice(1).map(Number)
  return { x: [n[0], n[1]], y: [n[2], n[3]], z: [n[4], n[5]] }
}
