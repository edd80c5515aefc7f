import type { FontMetrics } from './font-metrics.ts'
import type { Rectangle } from './layout.ts'
import type { ColourBar } from './panel-svg.ts'
import type { RasterPart } from './slice-raster.ts'
import type { Drawn } from './svg.ts'

/** What a panel is drawn with: pixels an inch, the bytes its raster is to hold, whether there is a scale bar. */
export interface PanelDrawing {
  dpi: number
  part: RasterPart
  scaleBar: boolean
  font: FontMetrics
}

/** A panel whose voxels have been read: what it needs room for, and how it draws itself into a frame. */
export interface DrawnPanel {
  title: string
  /** Height of the image over its width, in real lengths. */
  heightOverWidth: number
  colourBars: ColourBar[]
  draw(frame: Rectangle, drawing: PanelDrawing): Promise<Drawn[]>
}
