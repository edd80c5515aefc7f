import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FigurePanel, FigureSpec } from '../../shared/figure.ts'
import type { Volume } from '../volume/volume.ts'
import { readCurvesPanel } from './curves-panel.ts'
import { readDistributionPanel } from './distribution-panel.ts'
import { inks } from './drawn-panel.ts'
import type { DrawnPanel, PanelDrawing } from './drawn-panel.ts'
import { fontMetrics } from './font-metrics.ts'
import { layOut, panelWidthOf, pointsPerMm, typeSizes } from './layout.ts'
import type { PanelFrame } from './layout.ts'
import { fontFiles } from './png.ts'
import { readSlicePanel } from './slice-panel.ts'
import type { RasterPart } from './raster.ts'
import { readSpectrumPanel } from './spectrum-panel.ts'
import { element, svgText, text } from './svg.ts'
import type { Drawn } from './svg.ts'
import { readVolumePanel } from './volume-panel.ts'

/** A volume that a figure names, and what a colour bar says about its values. */
export interface FigureVolume {
  volume: Volume
  quantity: string
  /** Changes with the voxels; absent: nothing of it may be remembered. */
  state?: string
}

export interface FigureSource {
  /** Finds what a panel's `volume` names: an id or a path. @throws WedgeviewError where there is none */
  resolve(name: string): Promise<FigureVolume>
  /** Folder of the bundled fonts. */
  fontFolder: string
  /** Remembers what took long to compute: previews of a figure that is edited differ by little. Computes it each time where absent. */
  remember?<Value>(key: string, compute: () => Promise<Value>): Promise<Value>
  signal?: AbortSignal | undefined
}

export interface FigureDrawing {
  /** The figure as a tree of SVG elements, lengths in points. */
  root: Drawn
  widthPoints: number
  heightPoints: number
  heightMm: number
  svg: string
}

/**
 * Draws a figure: text, bars and ticks as vectors, slices as embedded rasters. Lengths are true at the width the SPEC gives.
 *
 * @param part of the slices' 16-bit colours; all of it in 8 bits unless figures of more bits are made
 *
 * @throws WedgeviewError `slice-outside`, and what opening and reading the volumes throws
 */
export async function figureSvg(
  spec: FigureSpec,
  source: FigureSource,
  part: RasterPart = 'all'
): Promise<FigureDrawing> {
  const font = fontMetrics(await readFile(join(source.fontFolder, fontFiles.regular)))
  const drawn: DrawnPanel[] = []
  for (const [index, panel] of spec.panels.entries()) drawn.push(await readPanel(panel, index, source))
  const type = typeSizes(spec.fontSizePt)
  const panelWidth = panelWidthOf(spec, drawn.length)
  const layout = layOut(
    spec,
    drawn.map(({ title, heightAt, legends }) => ({
      heightAt: (width) => heightAt(width, type),
      heading: title !== '' || spec.panelLetters,
      legends: legends.map(({ height: of }) => of(panelWidth, { type, font }))
    })),
    font,
    type
  )
  const { width, height } = layout
  const heightMm = height / pointsPerMm
  const ink = inks[spec.background]
  const caption = layout.caption.lines.map((line) =>
    text(line.text, { x: layout.caption.x, y: line.y, 'font-size': type.caption, fill: ink.text })
  )
  const drawing: PanelDrawing = { dpi: spec.dpi, part, scaleBar: spec.scaleBar, font, type, ink }
  const panels: Drawn[] = []
  for (const [index, panel] of drawn.entries())
    panels.push(await panelSvg(panel, layout.panels[index], index, spec, drawing))
  const root = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: `${Number(spec.widthMm.toFixed(4))}mm`,
      height: `${Number(heightMm.toFixed(4))}mm`,
      viewBox: `0 0 ${Number(width.toFixed(6))} ${Number(height.toFixed(6))}`,
      'font-family': 'Inter, Helvetica, Arial, sans-serif'
    },
    element('rect', { x: 0, y: 0, width, height, fill: ink.background }),
    ...panels,
    ...caption
  )
  const svg = `<?xml version="1.0" encoding="UTF-8"?>\n${svgText(root)}\n`
  return { root, widthPoints: width, heightPoints: height, heightMm, svg }
}

function readPanel(panel: FigurePanel, index: number, source: FigureSource): Promise<DrawnPanel> {
  switch (panel.kind) {
    case 'slice':
      return readSlicePanel(panel, index, source)
    case 'volume':
      return readVolumePanel(panel, index, source)
    case 'spectrum':
      return readSpectrumPanel(panel, source)
    case 'curves':
      return readCurvesPanel(panel, source)
    case 'distribution':
      return readDistributionPanel(panel, source)
  }
}

async function panelSvg(
  panel: DrawnPanel,
  frame: PanelFrame,
  index: number,
  spec: FigureSpec,
  drawing: PanelDrawing
): Promise<Drawn> {
  const parts = await panel.draw(frame.image, drawing)
  if (frame.headingY !== null) parts.push(...heading(panel.title, index, spec, frame.image.x, frame.headingY, drawing))
  panel.legends.forEach((legend, i) => parts.push(legend.draw(frame.legends[i], drawing)))
  return element('g', { class: 'panel' }, ...parts)
}

function heading(
  title: string,
  index: number,
  { panelLetters }: FigureSpec,
  x: number,
  y: number,
  { ink, type }: PanelDrawing
): Drawn[] {
  const parts: Drawn[] = []
  if (panelLetters) {
    const letter = { x, y, 'font-size': type.letter, 'font-weight': 600, fill: ink.text }
    parts.push(text(panelLetter(index), letter))
  }
  const titleX = x + (panelLetters ? 11 * type.scale : 0)
  if (title !== '') parts.push(text(title, { x: titleX, y, 'font-size': type.label, fill: ink.text }))
  return parts
}

/** a to z, then aa, ab, … */
function panelLetter(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26))
  return index < 26 ? letter : panelLetter(Math.floor(index / 26) - 1) + letter
}
