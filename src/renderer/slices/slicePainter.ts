import { LinearSRGBColorSpace, WebGLRenderer } from 'three'
import { useLayout } from '../stores/layout.ts'
import { DrawnPane, type Viewport } from './drawnPane.ts'

/** The element in which a pane's picture appears carries this attribute. */
export const pictureAttribute = 'data-picture'

let only: SlicePainter | null = null

/** The window's painter, made when it is first asked for: a context costs more than the slices. @throws where there is no WebGL 2 */
export function slicePainter(): SlicePainter {
  only ??= new SlicePainter()
  return only
}

/**
 * Draws all panes' pictures into one canvas that lies under them: browsers limit contexts, and textures are shared. Each picture is drawn
 * into the rectangle of its element, and only when it changes; a step through one plane leaves the others alone.
 */
class SlicePainter {
  readonly canvas: HTMLCanvasElement
  readonly #gl: WebGLRenderer
  readonly #panes = new Map<string, DrawnPane>()
  /** Where pictures are drawn: any that moves uncovers what was under it. */
  #places = ''
  #frame: number | null = null
  /** Drawn within an event since the last frame. */
  #ahead = false

  constructor() {
    this.canvas = document.createElement('canvas')
    this.#gl = new WebGLRenderer({
      canvas: this.canvas,
      antialias: false,
      alpha: true,
      depth: false,
      stencil: false,
      // Pictures that did not change are not drawn again.
      preserveDrawingBuffer: true,
      powerPreference: 'high-performance'
    })
    this.#gl.outputColorSpace = LinearSRGBColorSpace
    this.#gl.autoClear = false
    this.#gl.setClearColor(0x000000, 0)
    this.canvas.addEventListener('webglcontextrestored', () => this.#redraw())
  }

  /** Room for the pictures in CSS pixels. Draws at once: a canvas that changes its size is empty. */
  resize(width: number, height: number): void {
    this.#gl.setPixelRatio(pixelRatio())
    this.#gl.setSize(width, height, false)
    this.#redraw()
  }

  /**
   * Draws now what changed, so that a step's slice is on its way to the screen before the page has followed. Once a frame: what is drawn
   * more often nobody sees.
   */
  drawNow(): void {
    this.drawSoon()
    if (this.#ahead) return
    this.#ahead = true
    this.#draw()
  }

  /** Draws what changed with the next frame. */
  drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#ahead = false
      this.#draw()
    })
  }

  #redraw(): void {
    this.#places = ''
    this.#draw()
  }

  #draw(): void {
    if (this.#gl.getPixelRatio() !== pixelRatio()) {
      this.resize(this.canvas.clientWidth, this.canvas.clientHeight)
      return
    }
    const places = this.#placesOfPictures()
    const now = JSON.stringify([...places])
    if (now !== this.#places) {
      this.#places = now
      this.#gl.setScissorTest(false)
      this.#gl.clear()
      for (const pane of this.#panes.values()) pane.forget()
    }
    this.#gl.setScissorTest(true)
    for (const [id, viewport] of places) this.#pane(id).draw(this.#gl, viewport, this.#gl.getPixelRatio())
    for (const [id, pane] of this.#panes) {
      // Only a pane that goes is worth its textures, not one that shows something else.
      if (places.has(id) || useLayout.getState().panes.some((one) => one.id === id)) continue
      pane.dispose()
      this.#panes.delete(id)
    }
  }

  #pane(id: string): DrawnPane {
    let pane = this.#panes.get(id)
    if (!pane) {
      pane = new DrawnPane(id)
      this.#panes.set(id, pane)
    }
    return pane
  }

  /** Of each pane of slices, in the page as it is now. */
  #placesOfPictures(): Map<string, Viewport> {
    const places = new Map<string, Viewport>()
    const canvas = this.canvas.getBoundingClientRect()
    const ratio = this.#gl.getPixelRatio()
    for (const { id, kind } of useLayout.getState().panes) {
      if (kind !== 'slice') continue
      const picture = document.querySelector(`[${pictureAttribute}="${id}"]`)?.getBoundingClientRect()
      if (!picture || picture.width < 1 || picture.height < 1) continue
      const lengths = [picture.left - canvas.left, canvas.bottom - picture.bottom, picture.width, picture.height]
      const [left, bottom, width, height] = lengths.map((length) => Math.round(length * ratio))
      places.set(id, [left, bottom, width, height])
    }
    return places
  }
}

function pixelRatio(): number {
  return Math.min(4, Math.max(1, window.devicePixelRatio))
}
