import type { Camera } from '../../shared/camera.ts'

export interface Size {
  width: number
  height: number
}

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
