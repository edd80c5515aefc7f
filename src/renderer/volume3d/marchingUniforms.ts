import type { Vector3 } from 'three'
import type { Axis, XYZ } from '../../shared/axes.ts'
import type { ColourMapName } from '../../shared/figure.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { acrossAxis } from '../geometry/wedgePlane.ts'
import { brickCount, coarseEdge, fineEdge } from './bricks.ts'
import { eyeDistance, viewAxes, type Camera } from '../../shared/camera.ts'
import type { CrossingBlock } from './crossingBlock.ts'
import type { LoadedBlock } from './loadBlock.ts'
import type { MarchingUniforms } from './marchingMaterial.ts'
import { inTexture } from './voxels/codes.ts'
import { greyRange, levelOf, tintRange, worldCorners, type VolumeModel } from './volumeModel.ts'

/** Everything a picture is drawn from. */
export interface VolumeScene {
  model: VolumeModel
  block: LoadedBlock
  tintBlock: LoadedBlock | null
  /** What the mode `crossing` draws. */
  crossing: CrossingBlock | null
  tintColours: ColourMapName
  camera: Camera
  /** sRGB, 0 to 1, at the bottom and at the top. */
  background: readonly [bottom: Rgb, top: Rgb]
  wedge: Wedge | null
  /** The same for the same picture. */
  key: string
}

type Rgb = readonly [red: number, green: number, blue: number]

const axes: readonly Axis[] = ['x', 'y', 'z']
const surfaceColour = [0.78, 0.8, 0.82] as const

export function setMarchingUniforms(uniforms: MarchingUniforms, scene: VolumeScene): void {
  const { model, block, camera } = scene
  const { look, view, base } = model
  const { low, high } = worldCorners(block.box, base, view.aspect)
  const radius = Math.hypot(high.x - low.x, high.y - low.y, high.z - low.z) / 2
  const { right, up, back } = viewAxes(camera)
  uniforms.uRight.value.set(...right)
  uniforms.uUp.value.set(...up)
  uniforms.uBack.value.set(...back)
  place(uniforms.uTarget.value, camera.target)
  uniforms.uHalfHeight.value = camera.height / 2
  uniforms.uPerspective.value = camera.perspective
  uniforms.uEyeDistance.value = eyeDistance(camera, radius)

  place(uniforms.uLow.value, low)
  place(uniforms.uHigh.value, high)
  place(uniforms.uTexels.value, block.size)
  setGrid(uniforms, scene, low, high)
  uniforms.uClipLow.value.set(look.clip.x[0], look.clip.y[0], look.clip.z[0])
  uniforms.uClipHigh.value.set(look.clip.x[1], look.clip.y[1], look.clip.z[1])
  // The cut follows the camera: it is parallel to the screen.
  const middle = [(low.x + high.x) / 2, (low.y + high.y) / 2, (low.z + high.z) / 2]
  const at = back[0] * middle[0] + back[1] * middle[1] + back[2] * middle[2]
  if (look.cutFront > 0) uniforms.uClipPlane.value.set(...back, at + radius * (1 - 2 * look.cutFront))
  else uniforms.uClipPlane.value.set(0, 0, 0, 0)

  const range = greyRange(model, block)
  const { codes } = block.voxels
  const [first, last] = [inTexture(codes, range.low), inTexture(codes, range.high)]
  uniforms.uRange.value.set(first, last)
  uniforms.uInk.value = look.colourMap === 'grey'
  uniforms.uLevel.value = inTexture(codes, levelOf(look, block))
  uniforms.uSurfaceColour.value.set(...surfaceColour)
  uniforms.uSliceRange.value.set(Math.min(first, last), Math.max(first, last))
  setTint(uniforms, scene, low, high)

  const slices: [number, number, number] = [-1, -1, -1]
  axes.forEach((axis, i) => {
    if (!look.slices[axis]) return
    const place = ((view.cursor[axis] + 0.5) * view.aspect[axis] - low[axis]) / (high[axis] - low[axis])
    if (place >= 0 && place <= 1) slices[i] = place
  })
  uniforms.uSlices.value.set(...slices)
  uniforms.uBackground.value.set(...scene.background[0])
  uniforms.uBackgroundTop.value.set(...scene.background[1])
  uniforms.uDepthCue.value = look.depthCue
  setCone(uniforms, scene, radius)
}

/** What rays march through: the block, or the cells of another that lie somewhere in it. */
function setGrid(uniforms: MarchingUniforms, { block, crossing, model }: VolumeScene, low: XYZ, high: XYZ): void {
  const cells = model.look.mode === 'crossing' ? crossing : null
  const size = cells ? cells.cells.size : block.size
  place(uniforms.uGridTexels.value, size)
  place(uniforms.uBrickCount.value, brickCount(size, coarseEdge))
  place(uniforms.uFineCount.value, brickCount(size, fineEdge))
  if (cells) setPlace(uniforms.uGridOrigin.value, uniforms.uGridScale.value, { low, high }, cells)
  else {
    uniforms.uGridOrigin.value.set(0, 0, 0)
    uniforms.uGridScale.value.set(1, 1, 1)
  }
}

interface Corners {
  low: XYZ
  high: XYZ
}

/** Coordinates of one box, 0 to 1, to those of another: (p - origin) scale. */
function setPlace(origin: Vector3, scale: Vector3, from: Corners, to: Corners): void {
  const along = (share: (axis: Axis) => number): [number, number, number] => [share('x'), share('y'), share('z')]
  origin.set(...along((axis) => (to.low[axis] - from.low[axis]) / (from.high[axis] - from.low[axis])))
  scale.set(...along((axis) => (from.high[axis] - from.low[axis]) / (to.high[axis] - to.low[axis])))
}

function setTint(uniforms: MarchingUniforms, { model, tintBlock }: VolumeScene, low: XYZ, high: XYZ): void {
  if (!tintBlock || !model.tint) return
  const tint = worldCorners(tintBlock.box, model.tint, model.view.aspect)
  const range = tintRange(model)
  const { codes } = tintBlock.voxels
  uniforms.uTintRange.value.set(inTexture(codes, range.low), inTexture(codes, range.high))
  setPlace(uniforms.uTintOrigin.value, uniforms.uTintScale.value, { low, high }, tint)
}

function setCone(uniforms: MarchingUniforms, { model, wedge }: VolumeScene, radius: number): void {
  uniforms.uHasCone.value = model.look.cone && wedge !== null && wedge.tiltMax - wedge.tiltMin < 180
  if (!wedge) return
  const { cursor, aspect } = model.view
  uniforms.uConeCentre.value.set((cursor.x + 0.5) * aspect.x, (cursor.y + 0.5) * aspect.y, (cursor.z + 0.5) * aspect.z)
  uniforms.uConeRadius.value = radius / 2.5
  unit(uniforms.uConeAcross.value, acrossAxis(wedge))
  unit(uniforms.uConeBeam.value, wedge.beamAxis)
  uniforms.uConeTilt.value.set((wedge.tiltMin * Math.PI) / 180, (wedge.tiltMax * Math.PI) / 180)
}

function unit(vector: Vector3, axis: Axis): void {
  vector.set(axis === 'x' ? 1 : 0, axis === 'y' ? 1 : 0, axis === 'z' ? 1 : 0)
}

function place(vector: Vector3, { x, y, z }: XYZ): void {
  vector.set(x, y, z)
}
