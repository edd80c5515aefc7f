// Runs in every page before its own scripts: reads the picture's squares from the WebGL canvas and tells which slice they are of. Canvases
// keep what was drawn until they are drawn anew, so that they can be read at any time; that holds for all viewers alike.
/* global window, HTMLCanvasElement, requestAnimationFrame, performance */

/** `codes`: of each slice its squares as a text of 0 and 1 (see codeOf in pattern.mjs). */
export function installProbe({ codes: codeList, squares }) {
  const contexts = []
  const original = HTMLCanvasElement.prototype.getContext
  HTMLCanvasElement.prototype.getContext = function (kind, attributes) {
    const isGl = kind === 'webgl2' || kind === 'webgl'
    const context = original.call(this, kind, isGl ? { ...attributes, preserveDrawingBuffer: true } : attributes)
    if (isGl && context && !contexts.includes(context)) contexts.push(context)
    return context
  }

  const codes = new Map(codeList.map((code, slice) => [code, slice]))
  /** The slice on screen, or -1; `picture` in CSS pixels of the page, `flip` which ways the picture is turned. */
  const sliceOf = (picture, flip) => {
    if (!picture) return -1
    const context = contexts.find(({ canvas }) => {
      const box = canvas.getBoundingClientRect()
      return canvas.isConnected && box.left <= picture.left + 1 && box.right >= picture.left + picture.width - 1
    })
    if (!context) return -1
    const { canvas } = context
    const box = canvas.getBoundingClientRect()
    const scale = canvas.width / box.width
    const left = Math.round((picture.left - box.left) * scale)
    const bottom = Math.round(canvas.height - (picture.top + picture.height - box.top) * scale)
    const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
    const bytes = new Uint8Array(width * height * 4)
    const before = context.getParameter(context.FRAMEBUFFER_BINDING)
    context.bindFramebuffer(context.FRAMEBUFFER, null)
    context.readPixels(left, bottom, width, height, context.RGBA, context.UNSIGNED_BYTE, bytes)
    context.bindFramebuffer(context.FRAMEBUFFER, before)
    let code = ''
    for (let row = 0; row < squares; row++) {
      for (let column = 0; column < squares; column++) {
        const x = Math.floor(((flip.x ? squares - 1 - column : column) + 0.3) * (width / squares))
        const y = Math.floor(((flip.y ? squares - 1 - row : row) + 0.3) * (height / squares))
        code += bytes[4 * (y * width + x)] > 127 ? '1' : '0'
      }
    }
    return codes.get(code) ?? -1
  }
  const flips = [false, true].flatMap((x) => [false, true].map((y) => ({ x, y })))
  let flip = null
  const shown = () => {
    const picture = window.pictureOnScreen?.()
    for (const each of flip ? [flip] : flips) {
      const slice = sliceOf(picture, each)
      if (slice < 0) continue
      flip = each
      return slice
    }
    return -1
  }

  const until = (done) =>
    new Promise((resolve) => {
      const look = () => (done(shown()) ? resolve(performance.now()) : requestAnimationFrame(look))
      look()
    })

  window.bench = {
    /** Milliseconds from the page's navigation to its first right slice, and which that is. */
    async first() {
      const at = await until((slice) => slice >= 0)
      return { milliseconds: at, slice: shown() }
    },
    /** Milliseconds each of so many steps takes until the next slice is on screen. */
    async steps(count, by) {
      const times = []
      // The picture may have been asked for anew just before.
      await until((slice) => slice >= 0)
      for (let i = 0; i < count; i++) {
        const target = shown() + by
        const start = performance.now()
        window.stepSlice(by)
        times.push((await until((slice) => slice === target)) - start)
        await new Promise(requestAnimationFrame)
      }
      return times
    }
  }
}
