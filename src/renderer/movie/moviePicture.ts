import type { MovieSpec } from '../../shared/movie.ts'
import { backgroundOf, inkOn } from '../volume3d/background.ts'
import { drawAnnotations, type Annotations } from './annotations.ts'
import type { Size } from './pictureScale.ts'
import type { FrameDrawer } from './frameDrawer.ts'
import type { Frame } from './framePlan.ts'
import { SliceFrames } from './sliceFrames.ts'
import type { MovieSubject } from './subject.ts'
import { VolumeFrames } from './volumeFrames.ts'

export type Framing = Pick<MovieSpec, 'width' | 'height' | 'background' | 'framing'>
/** What is written on each frame. */
export type Writing = Pick<MovieSpec, 'scaleBar' | 'colourBar' | 'axes' | 'wedge' | 'crosshair' | 'caption' | 'counter'>

/** Whole frames of a movie on a canvas of its own: the pane's picture, and what is written on it. */
export class MoviePicture {
  readonly canvas = document.createElement('canvas')
  readonly #context: CanvasRenderingContext2D
  readonly #drawer: FrameDrawer
  readonly #size: Size
  readonly #shrunk: number
  readonly #behind: string
  readonly #ink: Annotations['ink']

  /** `shrunk`: share of the movie's size, for a preview. */
  constructor(subject: MovieSubject, { width, height, background, framing }: Framing, shrunk = 1) {
    const size = { width: Math.round(width * shrunk), height: Math.round(height * shrunk) }
    this.canvas.width = size.width
    this.canvas.height = size.height
    // Frames are read back one by one: the canvas may as well stay in memory.
    const context = this.canvas.getContext('2d', { alpha: false, willReadFrequently: true })
    if (!context) throw new Error('This browser gives no 2-D canvas.')
    this.#context = context
    this.#size = { width, height }
    this.#shrunk = size.width / width
    this.#drawer =
      subject.kind === 'slice' ? new SliceFrames(subject, size, framing) : new VolumeFrames(subject, size, background)
    const pane = subject.kind === 'volume' ? subject.model.look.background : 'window'
    const behind = backgroundOf(background === 'pane' ? pane : background, subject.state.theme)
    this.#behind = `rgb(${behind[0].map((part) => Math.round(part * 255)).join(' ')})`
    this.#ink = inkOn(behind) === inkOn(backgroundOf('black', 'dark')) ? 'white' : 'black'
  }

  /** Draws a frame; what follows is fetched meanwhile. */
  async draw(frame: Frame, writing: Writing, signal: AbortSignal, following?: Frame): Promise<void> {
    const context = this.#context
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.globalAlpha = 1
    context.fillStyle = this.#behind
    context.fillRect(0, 0, this.canvas.width, this.canvas.height)
    if (following) this.#drawer.prepare(following)
    await this.#drawer.draw(frame, context, signal)
    if (frame.kind === 'member' && frame.share > 0) {
      context.globalAlpha = frame.share
      await this.#drawer.draw({ ...frame, member: frame.next, share: 0 }, context, signal)
      context.globalAlpha = 1
    }
    this.#write(frame, writing)
  }

  dispose(): void {
    this.#drawer.dispose()
  }

  #write(frame: Frame, { scaleBar, colourBar, axes, wedge, crosshair, caption, counter }: Writing): void {
    const { voxelsPerPixel, angstromPerPixel, inMiddle } = this.#drawer.scale(frame)
    // Told in the movie's own pixels, also where the preview has fewer.
    const scale = {
      voxelsPerPixel: voxelsPerPixel * this.#shrunk,
      angstromPerPixel: angstromPerPixel === null ? null : angstromPerPixel * this.#shrunk,
      inMiddle
    }
    const lines = [caption.trim(), counter ? this.#drawer.inWords(frame) : ''].filter(Boolean)
    const glyphs = this.#drawer.glyphs(frame)
    const cross = crosshair ? glyphs.crosshair : null
    this.#context.scale(this.#shrunk, this.#shrunk)
    drawAnnotations(this.#context, this.#size, {
      scale: scaleBar ? scale : null,
      legend: colourBar ? this.#drawer.legend() : null,
      glyphs: {
        camera: glyphs.camera,
        cube: axes && glyphs.cube,
        wedge: wedge ? glyphs.wedge : null,
        crosshair: cross && { x: cross.x / this.#shrunk, y: cross.y / this.#shrunk }
      },
      lines,
      ink: this.#ink
    })
  }
}
