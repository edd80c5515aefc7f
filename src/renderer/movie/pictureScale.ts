import type { Camera } from '../../shared/camera.ts'
import { axesOfPane } from '../geometry/paneTransform.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import type { View } from '../stores/view.ts'

export interface Size {
  width: number
  height: number
}

/** Text as high as a 32nd of the picture's smaller side, so that it reads alike at every size. */
export function fontPixels({ width, height }: Size): number {
  return Math.max(8, Math.round(Math.min(width, height) / 32))
}

type ShownSlice = Pick<PaneModel, 'pane' | 'base' | 'view'>

/**
 * Pixels of the movie for one CSS pixel of its pane: all that the pane shows is in the movie, and where their shapes differ what lies
 * around it.
 */
export function pixelsPerPanePixel(pane: Size, picture: Size): number {
  return Math.min(picture.width / pane.width, picture.height / pane.height)
}

/** The same for a 3-D view: its height, so that nothing that the pane shows is cut off at the sides. */
export function framedCamera(camera: Camera, pane: Size, picture: Size): Camera {
  const wider = pane.width / pane.height / (picture.width / picture.height)
  return { ...camera, height: camera.height * Math.max(1, wider) }
}

/** A whole slice as it lies in its pane, in x voxels. */
export function sliceExtent({ pane, base, view }: ShownSlice): Size {
  const { right, up } = axesOfPane(pane.plane, pane.transposed)
  const { size } = base.info
  return { width: size[right] * view.aspect[right], height: size[up] * view.aspect[up] }
}

/** The view in which a whole slice fills a picture, edge to edge; `pixelRatio` pixels count as one CSS pixel. */
export function wholeView(model: ShownSlice, picture: Size, pixelRatio: number): View {
  const { base, view } = model
  const extent = sliceExtent(model)
  const middle = (axis: 'x' | 'y' | 'z'): number => (base.region?.box[axis][0] ?? 0) + base.info.size[axis] / 2
  const pixelsPerVoxel = Math.min(picture.width / extent.width, picture.height / extent.height)
  return {
    ...view,
    scale: pixelsPerVoxel / pixelRatio,
    centre: { x: middle('x'), y: middle('y'), z: middle('z') }
  }
}
