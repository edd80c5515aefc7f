import type { FigureSpec } from '../../shared/figure.ts'
import type { FontMetrics } from './font-metrics.ts'
import type { Rectangle, TypeSizes } from './layout.ts'
import type { RasterPart } from './raster.ts'
import type { Drawn } from './svg.ts'

/** Foreground colours of a background. */
export interface Ink {
  text: string
  background: string
}

export const inks: Readonly<Record<FigureSpec['background'], Ink>> = {
  white: { text: '#000', background: '#fff' },
  black: { text: '#fff', background: '#000' }
}

/** What a panel is drawn with: pixels an inch, the bytes its raster is to hold, whether there is a scale bar, letters and colours. */
export interface PanelDrawing {
  dpi: number
  part: RasterPart
  scaleBar: boolean
  font: FontMetrics
  type: TypeSizes
  ink: Ink
}

/** The sizes and widths of letters. */
export type Letters = Pick<PanelDrawing, 'type' | 'font'>

/** What tells how to read a panel, below it: a colour bar, a palette's key, names of curves. */
export interface Legend {
  /** In points, at a width and with these letters. */
  height(width: number, letters: Letters): number
  draw(frame: Rectangle, drawing: PanelDrawing): Drawn
}

/** A panel whose voxels have been read: what it needs room for, and how it draws itself into a frame. */
export interface DrawnPanel {
  title: string
  /** In points, of what is drawn at a width. */
  heightAt(width: number, type: TypeSizes): number
  legends: readonly Legend[]
  draw(frame: Rectangle, drawing: PanelDrawing): Promise<Drawn[]>
}
