import { planeAxes } from '../../shared/axes.ts'
import { colourTable, shareOfRange } from '../../shared/colour-maps.ts'
import type { SpectrumPanel } from '../../shared/figure.ts'
import {
  doubleSector,
  frequencyPoint,
  frequencyTicks,
  spectrumFrame,
  tiltPoint
} from '../../shared/spectrum-geometry.ts'
import type { SpectrumFrame } from '../../shared/spectrum-geometry.ts'
import { planeAcross } from '../../shared/wedge-plane.ts'
import { percentileContrast } from '../volume/contrast.ts'
import { powerImage } from '../wedge/power.ts'
import type { DrawnPanel, Legend, Letters, PanelDrawing } from './drawn-panel.ts'
import type { FigureSource } from './figure-svg.ts'
import type { Rectangle, TypeSizes } from './layout.ts'
import { imageSvg } from './panel-svg.ts'
import { sourcePower } from './power-source.ts'
import { depthOf } from './raster.ts'
import type { Raster, RasterPart } from './raster.ts'
import { element, text } from './svg.ts'
import type { Drawn } from './svg.ts'
import { drawnLines, linesHeight, linesWithin } from './text-lines.ts'

interface PowerImage {
  rows: number
  columns: number
  values: Float32Array
}

/** A log power spectrum in grey with its axes, and the assumed wedge on it, as in the window's spectrum pane. */
export async function readSpectrumPanel(panel: SpectrumPanel, source: FigureSource): Promise<DrawnPanel> {
  const { power, voxelSizeAngstrom } = await sourcePower(panel.source, planeAxes[panel.plane].normal, source)
  const image = powerImage(power)
  const { column, row } = planeAxes[panel.plane]
  const wedge = panel.wedge && panel.plane === planeAcross(panel.wedge.tiltAxis) ? panel.wedge : null
  const axes = {
    right: { name: `k${column}`, voxel: voxelSizeAngstrom?.[column] ?? null },
    up: { name: `k${row}`, voxel: voxelSizeAngstrom?.[row] ?? null }
  }
  return {
    title: panel.title,
    heightAt: (width, type) => edgeAt(width, type) + room(type).below,
    legends: wedge ? [wedgeWords({ ...panel, wedge })] : [],
    async draw(frame, drawing) {
      const { type } = drawing
      const square = { x: frame.x + room(type).left, y: frame.y, width: 0, height: 0 }
      square.width = square.height = edgeAt(frame.width, type)
      const inner = spectrumFrame(image, square.width)
      const parts = [imageSvg(square, spectrumRaster(image, drawing.part), image.columns, image.rows)]
      if (wedge) parts.push(wedgeDrawn(square, inner, { ...panel, wedge }))
      parts.push(...axesDrawn(square, inner, axes, drawing))
      return parts
    }
  }
}

/** For the axes' labels. */
const room = (type: TypeSizes): { left: number; below: number; right: number } => ({
  left: 3.4 * type.tick,
  below: 2.9 * type.tick,
  right: 0.6 * type.tick
})
const edgeAt = (width: number, type: TypeSizes): number => Math.max(10, width - room(type).left - room(type).right)

/** Between its own percentiles, row 0 at the bottom. */
function spectrumRaster({ rows, columns, values }: PowerImage, part: RasterPart): Raster {
  const limits = percentileContrast(values)
  const depth = depthOf(part)
  const table = colourTable('grey')
  const rgb = new Uint8Array(rows * columns * 3)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const levels = depth.colour(table, shareOfRange(values[row * columns + column], limits))
      const at = ((rows - 1 - row) * columns + column) * 3
      for (let i = 0; i < 3; i++) rgb[at + i] = depth.byteOf(levels[i])
    }
  return { width: columns, height: rows, voxelsPerPixel: 1, rgb }
}

type WithWedge = Pick<SpectrumPanel, 'estimate'> & { wedge: NonNullable<SpectrumPanel['wedge']> }

function wedgeDrawn(square: Rectangle, frame: SpectrumFrame, { wedge, estimate }: WithWedge): Drawn {
  const { tiltMin, tiltMax } = wedge
  const parts: Drawn[] = []
  if (tiltMax - tiltMin < 180)
    parts.push(
      element('path', {
        class: 'wedge-missing',
        d: doubleSector(frame, wedge, tiltMax, tiltMin + 180, 0.8),
        fill: '#6cb2f0',
        'fill-opacity': 0.2
      })
    )
  for (const degrees of estimate ? [estimate.tiltMin, estimate.tiltMax] : []) {
    const around = estimate?.uncertaintyDegrees ?? 0
    parts.push(
      element('path', {
        class: 'wedge-estimate',
        d: doubleSector(frame, wedge, degrees - around, degrees + around, 0.8),
        fill: '#ffd479',
        'fill-opacity': 0.45
      })
    )
  }
  for (const degrees of [tiltMin, tiltMax]) {
    const [a, b] = [tiltPoint(frame, wedge, degrees, -0.75), tiltPoint(frame, wedge, degrees, 0.75)]
    const d = `M${a.x.toFixed(3)} ${a.y.toFixed(3)}L${b.x.toFixed(3)} ${b.y.toFixed(3)}`
    parts.push(
      element('path', { d, fill: 'none', stroke: '#000000', 'stroke-width': 1.7, 'stroke-opacity': 0.5 }),
      element('path', { class: 'wedge-edge', d, fill: 'none', stroke: '#6cb2f0', 'stroke-width': 0.8 })
    )
  }
  const edge = Number(square.width.toFixed(6))
  return element('svg', { ...square, viewBox: `0 0 ${edge} ${edge}`, class: 'wedge' }, ...parts)
}

interface FrequencyAxis {
  name: string
  voxel: number | null
}

function axesDrawn(
  square: Rectangle,
  frame: SpectrumFrame,
  { right, up }: { right: FrequencyAxis; up: FrequencyAxis },
  { ink, type }: PanelDrawing
): Drawn[] {
  const unit = (axis: FrequencyAxis): string => `${axis.name} (${axis.voxel === null ? 'cycles per voxel' : '1/nm'})`
  const inside = (at: number): boolean => at >= -0.5 && at <= square.width + 0.5
  const foot = square.y + square.height
  const line = { stroke: ink.text, 'stroke-width': 0.5 }
  const label = { 'font-size': type.tick, fill: ink.text }
  const parts: Drawn[] = []
  for (const { label: name, cycles } of frequencyTicks(right.voxel)) {
    const at = frequencyPoint(frame, cycles, 0).x
    if (!inside(at)) continue
    const x = square.x + at
    parts.push(element('line', { ...line, x1: x, x2: x, y1: foot, y2: foot + 2 }))
    parts.push(text(name, { ...label, x, y: foot + 2.5 + type.tick, 'text-anchor': 'middle' }))
  }
  for (const { label: name, cycles } of frequencyTicks(up.voxel)) {
    const at = frequencyPoint(frame, 0, cycles).y
    if (!inside(at)) continue
    const y = square.y + at
    parts.push(element('line', { ...line, x1: square.x - 2, x2: square.x, y1: y, y2: y }))
    parts.push(text(name, { ...label, x: square.x - 3.5, y: y + 0.35 * type.tick, 'text-anchor': 'end' }))
  }
  const middle = { x: square.x + square.width / 2, y: square.y + square.height / 2 }
  parts.push(text(unit(right), { ...label, x: middle.x, y: foot + 2.5 + 2.15 * type.tick, 'text-anchor': 'middle' }))
  const x = square.x - room(type).left + 0.75 * type.tick
  const turn = `rotate(-90 ${Number(x.toFixed(3))} ${Number(middle.y.toFixed(3))})`
  parts.push(text(unit(up), { ...label, x, y: middle.y, 'text-anchor': 'middle', transform: turn }))
  return parts
}

/** What the lines and the band mean, in numbers. */
function wedgeWords({ wedge, estimate }: WithWedge): Legend {
  const degrees = (value: number): string => `${String(Number(value.toFixed(1))).replace('-', '−')}°`
  const lines = [`assumed tilts ${degrees(wedge.tiltMin)} to ${degrees(wedge.tiltMax)}; shaded: not measured`]
  if (estimate)
    lines.push(
      `band: estimated ${degrees(estimate.tiltMin)} to ${degrees(estimate.tiltMax)}, each ± ${degrees(estimate.uncertaintyDegrees)}`
    )
  const linesOf = (width: number, letters: Letters): string[] =>
    lines.flatMap((line) => linesWithin(line, width, letters.type.tick, letters))
  return {
    height: (width, letters) => linesHeight(linesOf(width, letters).length, letters.type.tick),
    draw(frame, drawing) {
      const { ink, type } = drawing
      const centred = { x: frame.x + frame.width / 2, 'text-anchor': 'middle', fill: ink.text }
      const drawn = drawnLines(linesOf(frame.width, drawing), frame.y + type.tick, type.tick, centred)
      return element('g', { class: 'wedge-words' }, ...drawn)
    }
  }
}
