import { LinearSRGBColorSpace, WebGLRenderer } from 'three'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Size } from './pictureScale.ts'

/**
 * A WebGL canvas that nobody sees, of exactly the size asked for.
 *
 * @throws WedgeviewError movie-too-large, where the graphics driver has no picture of that size
 */
export function pictureCanvas({ width, height }: Size): WebGLRenderer {
  const gl = new WebGLRenderer({
    canvas: document.createElement('canvas'),
    antialias: false,
    alpha: true,
    depth: false,
    stencil: false
  })
  // As the panes' canvases: the shaders write the colours that are to be seen.
  gl.outputColorSpace = LinearSRGBColorSpace
  gl.setPixelRatio(1)
  gl.setSize(width, height, false)
  const { drawingBufferWidth, drawingBufferHeight } = gl.getContext()
  if (drawingBufferWidth !== width || drawingBufferHeight !== height) {
    dropCanvas(gl)
    throw new WedgeviewError(
      'usage',
      'movie-too-large',
      `The graphics driver can't draw ${width} × ${height} pixels.`,
      'Choose a smaller size.'
    )
  }
  return gl
}

/** @throws WedgeviewError graphics-lost, where the driver took the picture's memory away */
export function demandContext(gl: WebGLRenderer): void {
  if (!gl.getContext().isContextLost()) return
  throw new WedgeviewError(
    'job',
    'graphics-lost',
    'The graphics driver stopped drawing the movie.',
    'Close other programs that draw, or choose a smaller size, and make it again.'
  )
}

/** Gives the context back at once: browsers allow few. */
export function dropCanvas(gl: WebGLRenderer): void {
  gl.dispose()
  gl.forceContextLoss()
}
