import { cubeDrawing, type CubeArm } from '../geometry/cubeDrawing.ts'
import { wedgeSolid } from '../geometry/wedgeSolid.ts'
import type { Camera } from '../../shared/camera.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { fontPixels, type Size } from './pictureScale.ts'

/** The pane's glyphs on a frame (volume3d/VolumeGlyphs.tsx, OrientationCube.tsx, panes/Glyphs.tsx), as large beside its text as they are there. */
export interface FrameGlyphs {
  /** Of a 3-D view: how the cube and the wedge are turned. */
  camera: Pick<Camera, 'rotation'> | null
  cube: boolean
  wedge: Wedge | null
  /** In pixels of the movie, from the top left. */
  crosshair: { x: number; y: number } | null
}

export const noGlyphs: FrameGlyphs = { camera: null, cube: false, wedge: null, crosshair: null }

/** The pane's text is as high. */
const paneFont = 12
/** Of the glyphs' middles from the frame's edges, in units of the pane's pixels. */
const margin = 44
const wedgeRadius = 24
const wedgeColour = 'rgb(232 148 56)'
const lineColour = '#6cb2f0'

interface Pen {
  context: CanvasRenderingContext2D
  size: Size
  ink: 'white' | 'black'
}

/** `above`: pixels at the bottom right that the colour bar takes. */
export function drawGlyphs(pen: Pen, { camera, cube, wedge, crosshair }: FrameGlyphs, above: number): void {
  const unit = glyphUnit(pen.size)
  const { width, height } = pen.size
  if (crosshair) drawCrosshair(pen, crosshair, unit)
  if (camera && wedge) at(pen, width - margin * unit, margin * unit, unit, () => drawWedge(pen, camera, wedge))
  if (camera && cube) at(pen, width - margin * unit, height - margin * unit - above, unit, () => drawCube(pen, camera))
}

/** Pixels of the movie for one of the pane's, by the height of their texts. */
export function glyphUnit(size: Size): number {
  return fontPixels(size) / paneFont
}

function at({ context }: Pen, x: number, y: number, unit: number, draw: () => void): void {
  context.save()
  context.translate(x, y)
  context.scale(unit, unit)
  draw()
  context.restore()
}

function drawWedge({ context, ink }: Pen, camera: Pick<Camera, 'rotation'>, wedge: Wedge): void {
  const faces = wedgeSolid(camera, wedge)
  if (faces.length === 0) return
  context.strokeStyle = ink === 'white' ? 'rgb(255 255 255 / 35%)' : 'rgb(0 0 0 / 35%)'
  context.lineWidth = 1
  context.beginPath()
  context.arc(0, 0, wedgeRadius + 4, 0, 2 * Math.PI)
  context.stroke()
  context.fillStyle = 'rgb(232 148 56 / 42%)'
  context.strokeStyle = wedgeColour
  context.lineWidth = 0.75
  for (const face of faces) {
    context.beginPath()
    for (const { x, y } of face) context.lineTo(wedgeRadius * x, wedgeRadius * y)
    context.closePath()
    context.fill()
    context.stroke()
  }
}

function drawCube(pen: Pen, camera: Pick<Camera, 'rotation'>): void {
  const { context, ink } = pen
  const { behind, seen, before } = cubeDrawing(camera)
  context.textAlign = 'center'
  const arm = (drawn: CubeArm): void => drawArm(pen, drawn)
  behind.forEach(arm)
  for (const { corners, middle, plane, isNamed } of seen) {
    context.fillStyle = ink === 'white' ? 'rgb(29 29 29 / 75%)' : 'rgb(243 243 243 / 75%)'
    context.strokeStyle = ink
    context.lineWidth = 1
    context.beginPath()
    for (const corner of corners) context.lineTo(...corner)
    context.closePath()
    context.fill()
    context.stroke()
    if (!isNamed) continue
    context.font = font(8.5)
    context.fillStyle = ink
    context.fillText(plane, middle[0], middle[1] + 3)
  }
  before.forEach(arm)
}

function drawArm({ context, ink }: Pen, { from, to, name, axis }: CubeArm): void {
  for (const [style, width] of [
    [ink === 'white' ? 'rgb(0 0 0 / 40%)' : 'rgb(255 255 255 / 40%)', 4],
    [ink, 1.5]
  ] as const) {
    context.strokeStyle = style
    context.lineWidth = width
    context.beginPath()
    context.moveTo(...from)
    context.lineTo(...to)
    context.stroke()
  }
  context.font = font(11)
  context.fillStyle = ink
  context.fillText(axis, name[0], name[1] + 4)
}

/** Whole pixels, with room around the voxel, so that it stays visible. */
function drawCrosshair(
  { context, size: { width, height } }: Pen,
  { x, y }: { x: number; y: number },
  unit: number
): void {
  const thick = Math.max(1, Math.round(unit))
  const gap = Math.round(8 * unit)
  const [column, row] = [Math.floor(x - (thick - 1) / 2), Math.floor(y - (thick - 1) / 2)]
  const bars = [
    [0, row, column - gap, thick],
    [column + thick + gap, row, width - column - thick - gap, thick],
    [column, 0, thick, row - gap],
    [column, row + thick + gap, thick, height - row - thick - gap]
  ].filter(([, , across, down]) => across > 0 && down > 0)
  context.fillStyle = 'rgb(0 0 0 / 40%)'
  for (const [left, top, across, down] of bars)
    if (across > down) context.fillRect(left, top - 1, across, down + 2)
    else context.fillRect(left - 1, top, across + 2, down)
  context.fillStyle = lineColour
  for (const [left, top, across, down] of bars) context.fillRect(left, top, across, down)
}

function font(pixels: number): string {
  return `500 ${pixels}px ${fontFamily}`
}

export const fontFamily = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
