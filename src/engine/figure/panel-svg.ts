import { colourTable } from '../../shared/colour-maps.ts'
import type { ColourMapName } from '../../shared/figure.ts'
import type { Contrast } from '../../shared/volumes.ts'
import { colourBarScale } from './colour-bar.ts'
import type { FontMetrics } from './font-metrics.ts'
import { type as typeSize } from './layout.ts'
import type { Rectangle } from './layout.ts'
import type { ScaleBar } from './scale-bar.ts'
import { rasterPng } from './slice-raster.ts'
import type { SliceRaster } from './slice-raster.ts'
import { element, text } from './svg.ts'
import type { Drawn } from './svg.ts'

/** Foreground colours of a background. */
export interface Ink {
  text: string
  background: string
}

/** The slice, cut to the frame: a raster of averaged voxels may reach beyond the last row and column. */
export function imageSvg(frame: Rectangle, raster: SliceRaster, columns: number, rows: number): Drawn {
  const drawnColumns = raster.width * raster.voxelsPerPixel
  const drawnRows = raster.height * raster.voxelsPerPixel
  const href = `data:image/png;base64,${Buffer.from(rasterPng(raster)).toString('base64')}`
  return element(
    'svg',
    { ...frame, viewBox: `0 0 ${columns} ${rows}`, preserveAspectRatio: 'none' },
    element('image', {
      x: 0,
      y: rows - drawnRows,
      width: drawnColumns,
      height: drawnRows,
      preserveAspectRatio: 'none',
      // Voxels are shown as they are, not smoothed.
      'image-rendering': 'optimizeSpeed',
      href
    })
  )
}

const barHeight = 1.8
const barInset = 6
const halo = 0.6

/** White with a dark rim, so that it is seen on any grey. */
export function scaleBarSvg(frame: Rectangle, bar: ScaleBar, columns: number): Drawn {
  const width = (bar.columns * frame.width) / columns
  const x = frame.x + frame.width - barInset - width
  const y = frame.y + frame.height - barInset - barHeight
  const rim = { x: x - halo, y: y - halo, width: width + 2 * halo, height: barHeight + 2 * halo, fill: '#000' }
  return element(
    'g',
    { class: 'scale-bar' },
    element('rect', rim),
    element('rect', { x, y, width, height: barHeight, fill: '#fff' }),
    text(bar.label, {
      x: x + width / 2,
      y: y - 3,
      'text-anchor': 'middle',
      'font-size': typeSize.label,
      'font-weight': 600,
      fill: '#fff',
      stroke: '#000',
      'stroke-width': 1.2,
      'stroke-linejoin': 'round',
      'paint-order': 'stroke'
    })
  )
}

export interface ColourBar {
  id: string
  colourMap: ColourMapName
  range: Contrast
  quantity: string
  /** Values below are not drawn in the image; null where all are. */
  threshold: number | null
}

const gradientHeight = 5

/** The map's 256 colours over the range, ticks and the quantity with its unit. */
export function colourBarSvg(frame: Rectangle, bar: ColourBar, ink: Ink, font: FontMetrics): Drawn {
  const { x, y, width } = frame
  const scale = colourBarScale(bar.range, bar.quantity, Math.max(2, Math.min(6, Math.floor(width / 28))))
  const below = bar.threshold === null ? 0 : thresholdShare(bar.range, bar.threshold)
  const ticks = scale.ticks.flatMap(({ share, label }) => {
    const at = x + share * width
    // Labels at the ends stay inside the bar, where no neighbour can hide them.
    const half = (font.width(label) * typeSize.tick) / 2
    const labelAt = Math.min(Math.max(at, x + half), x + width - half)
    return [
      element('line', {
        x1: at,
        x2: at,
        y1: y + gradientHeight,
        y2: y + gradientHeight + 2,
        stroke: ink.text,
        'stroke-width': 0.5
      }),
      text(label, {
        x: labelAt,
        y: y + gradientHeight + 8.2,
        'text-anchor': 'middle',
        'font-size': typeSize.tick,
        fill: ink.text
      })
    ]
  })
  return element(
    'g',
    { class: 'colour-bar' },
    element('defs', {}, element('linearGradient', { id: bar.id, x1: 0, x2: 1, y1: 0, y2: 0 }, ...stops(bar.colourMap))),
    element('rect', { x, y, width, height: gradientHeight, fill: `url(#${bar.id})` }),
    element('rect', { x, y, width: below * width, height: gradientHeight, fill: ink.background, 'fill-opacity': 0.8 }),
    element('rect', { x, y, width, height: gradientHeight, fill: 'none', stroke: ink.text, 'stroke-width': 0.4 }),
    ...ticks,
    text(scale.quantity, {
      x: x + width / 2,
      y: y + gradientHeight + 17,
      'text-anchor': 'middle',
      'font-size': typeSize.label,
      fill: ink.text
    })
  )
}

function thresholdShare({ low, high }: Contrast, threshold: number): number {
  return high > low ? Math.min(1, Math.max(0, (threshold - low) / (high - low))) : 0
}

function stops(colourMap: ColourMapName): Drawn[] {
  const table = colourTable(colourMap)
  return Array.from({ length: 256 }, (_, i) => {
    const colour = [...table.subarray(i * 4, i * 4 + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')
    return element('stop', { offset: i / 255, 'stop-color': `#${colour}` })
  })
}
