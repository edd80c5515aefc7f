// Runs in every page before its own scripts: measures draw calls until what they drew can be read, for all viewers alike.
/* global window, WebGL2RenderingContext, performance, requestAnimationFrame */
export function watchDrawing() {
  const prototype = WebGL2RenderingContext.prototype
  const pixel = { bytes: new Uint8Array(4), floats: new Float32Array(4) }
  let frames = []
  // What was drawn with last: some viewers draw where no canvas of the page shows it.
  let readLast = () => undefined
  const read = (gl) => {
    const isTarget = gl.getParameter(gl.FRAMEBUFFER_BINDING) !== null
    if (isTarget && gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) return
    const format = isTarget ? gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE) : gl.UNSIGNED_BYTE
    if (format === gl.UNSIGNED_BYTE) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel.bytes)
    else gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, pixel.floats)
  }
  for (const name of ['drawArrays', 'drawElements']) {
    const original = prototype[name]
    prototype[name] = function (...args) {
      if (!window.isTimed) {
        const start = performance.now()
        original.apply(this, args)
        read(this)
        const [, , width, height] = this.getParameter(this.VIEWPORT)
        const isTarget = this.getParameter(this.FRAMEBUFFER_BINDING) !== null
        // A picture that is marched into a target of its own counts by that; putting it on screen is the same for all.
        if (isTarget) frames.push({ milliseconds: performance.now() - start, width, height })
        return
      }
      original.apply(this, args)
      readLast = () => read(this)
    }
  }
  window.takeFrames = () => {
    const taken = frames
    frames = []
    return taken
  }
  /** Milliseconds of a whole frame that `draw` draws at once. */
  window.timed = async (draw) => {
    window.isTimed = true
    await new Promise(requestAnimationFrame)
    readLast()
    const start = performance.now()
    draw()
    readLast()
    const milliseconds = performance.now() - start
    window.isTimed = false
    return milliseconds
  }
}
