import { Color, LinearSRGBColorSpace, WebGLRenderer } from 'three'
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

/** Makes the painter before there is anything to draw: its context takes longer than a slice. */
export function prepareSlicePainter(): void {
  try {
    slicePainter()
  } catch {
    // Told where the pictures would be.
  }
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
  #cleared = new Color(0x000000)
  /** The colour around the pictures; null: the page's style has to be asked. */
  #surround: Color | null = null
  #frame: number | null = null
  /** Drawn within an event since the last frame. */
  #ahead = false

  constructor() {
    this.canvas = document.createElement('canvas')
    const context = this.canvas.getContext('webgl2', {
      antialias: false,
      // Nothing shows through it, so that putting the page together takes no blending.
      alpha: false,
      depth: false,
      stencil: false,
      // Pictures that did not change are not drawn again.
      preserveDrawingBuffer: true,
      powerPreference: 'high-performance'
    })
    if (!context) throw new Error('This browser has no WebGL 2.')
    this.#gl = new WebGLRenderer({ canvas: this.canvas, context })
    this.#gl.outputColorSpace = LinearSRGBColorSpace
    this.#gl.autoClear = false
    this.canvas.addEventListener('webglcontextrestored', () => this.#redraw())
  }

  /** Room for the pictures in CSS pixels. Draws at once: a canvas that changes its size is empty. */
  resize(width: number, height: number): void {
    this.#gl.setPixelRatio(pixelRatio())
    this.#gl.setSize(width, height, false)
    this.#redraw()
  }

  /** The page's colours have changed, or will with the next frame. */
  restyle(): void {
    this.#surround = null
    this.drawSoon()
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
    const surround = (this.#surround ??= this.#surroundOfPage())
    if (now !== this.#places || !surround.equals(this.#cleared)) {
      this.#places = now
      this.#cleared = surround
      this.#gl.setClearColor(surround, 1)
      this.#gl.setScissorTest(false)
      this.#gl.clear()
      for (const pane of this.#panes.values()) pane.forget()
    }
    this.#gl.setScissorTest(true)
    for (const [id, viewport] of places) this.#pane(id).draw(this.#gl, viewport, this.#gl.getPixelRatio(), surround)
    for (const [id, pane] of this.#panes) {
      // Only a pane that goes is worth its textures, not one that shows something else.
      if (places.has(id) || useLayout.getState().panes.some((one) => one.id === id)) continue
      pane.dispose()
      this.#panes.delete(id)
    }
  }

  #surroundOfPage(): Color {
    const style = getComputedStyle(this.canvas).getPropertyValue('--surround')
    return new Color().setStyle(style || '#000000', LinearSRGBColorSpace)
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
