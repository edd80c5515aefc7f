import type { Frame } from './framePlan.ts'
import type { ColourLegend, PictureScale } from './annotations.ts'
import type { FrameGlyphs } from './drawnGlyphs.ts'

/** Draws a pane's picture at a movie's size, frame by frame. */
export interface FrameDrawer {
  /** Draws a frame onto a context, over what is there, from its exact voxels. Nothing is drawn of the `next` member. */
  draw(frame: Frame, onto: CanvasRenderingContext2D, signal: AbortSignal): Promise<void>
  /** Begins to fetch what a later frame needs. */
  prepare(frame: Frame): void
  scale(frame: Frame): PictureScale
  /** What the picture's colours mean; null where it has none but the grey values' own. */
  legend(): ColourLegend | null
  /** What the pane draws over its picture, in pixels of the picture. */
  glyphs(frame: Frame): FrameGlyphs
  /** What tells this frame from the others, for its counter. */
  inWords(frame: Frame): string
  dispose(): void
}
