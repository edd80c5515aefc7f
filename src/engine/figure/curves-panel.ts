import { decadeLabel, decadesOf } from '../../shared/decades.ts'
import type { Directions } from '../../shared/directions.ts'
import type { CurvesPanel } from '../../shared/figure.ts'
import type { DrawnPanel, Legend, Letters, PanelDrawing } from './drawn-panel.ts'
import type { FigureSource } from './figure-svg.ts'
import type { Rectangle, TypeSizes } from './layout.ts'
import { sourceDirections } from './power-source.ts'
import { element, text } from './svg.ts'
import type { Drawn } from './svg.ts'
import { drawnLines, linesHeight, linesWithin } from './text-lines.ts'

export type CurveName = CurvesPanel['curves'][number]['name']

/** Apart from each other on white and on black, and in the common colour deficiencies. */
const strokes: Readonly<Record<'#000' | '#fff', Readonly<Record<CurveName, string>>>> = {
  '#000': { raw: '#7a7a7a', mean: '#1f6fb5', deviations: '#b85c00' },
  '#fff': { raw: '#a8a8a8', mean: '#6cb2f0', deviations: '#e0a34a' }
}
const widths: Readonly<Record<CurveName, number>> = { raw: 0.9, mean: 0.9, deviations: 1.3 }

interface Curve {
  name: CurveName
  label: string
  directions: Directions
}

/** Power and variance against the angle from tilt 0 on a logarithmic axis, the unmeasured angles shaded, as in the window's curves pane. */
export async function readCurvesPanel(panel: CurvesPanel, source: FigureSource): Promise<DrawnPanel> {
  const curves: Curve[] = []
  for (const { name, label, source: of } of panel.curves)
    curves.push({ name, label, directions: await sourceDirections(of, panel.wedge, source) })
  return {
    title: panel.title,
    // The axis' name needs some height in any case.
    heightAt: (width, type) => Math.max(width * panel.heightOverWidth, 13.5 * type.tick),
    legends: [namesLegend(curves)],
    async draw(frame, drawing) {
      return [element('g', { class: 'curves' }, ...plotDrawn(frame, panel, curves, drawing))]
    }
  }
}

const room = (type: TypeSizes): { left: number; below: number } => ({ left: 4.2 * type.tick, below: 2.9 * type.tick })

function plotDrawn(frame: Rectangle, { wedge }: CurvesPanel, curves: readonly Curve[], drawing: PanelDrawing): Drawn[] {
  const { ink, type } = drawing
  const decades = decadesOf(curves.flatMap(({ directions }) => directions.bins.map(({ power }) => power)))
  if (!decades) return []
  const { left, below } = room(type)
  const inner = {
    x: frame.x + left,
    y: frame.y + 0.5 * type.tick,
    width: frame.width - left - 0.8 * type.tick,
    height: frame.height - below - 0.5 * type.tick
  }
  const foot = inner.y + inner.height
  const x = (degrees: number): number => inner.x + ((degrees + 90) / 180) * inner.width
  const y = (power: number): number => {
    const log = Math.max(decades.low, Math.log10(Math.max(power, Number.MIN_VALUE)))
    return inner.y + (1 - (log - decades.low) / (decades.high - decades.low)) * inner.height
  }
  const label = { 'font-size': type.tick, fill: ink.text }
  const parts: Drawn[] = []
  if (wedge.tiltMax - wedge.tiltMin < 180)
    for (const [from, to] of [
      [-90, wedge.tiltMin],
      [wedge.tiltMax, 90]
    ])
      parts.push(
        element('rect', {
          class: 'wedge-missing',
          x: x(from),
          y: inner.y,
          width: Math.max(0, x(to) - x(from)),
          height: inner.height,
          fill: '#6cb2f0',
          'fill-opacity': 0.2
        })
      )
  for (let exponent = decades.low; exponent <= decades.high; exponent++) {
    const at = y(10 ** exponent)
    const line = { x1: inner.x, x2: inner.x + inner.width, y1: at, y2: at }
    parts.push(
      element('line', { ...line, stroke: drawing.ink.text === '#000' ? '#d4d4d4' : '#4a4a4a', 'stroke-width': 0.4 })
    )
    parts.push(
      text(decadeLabel(exponent), { ...label, x: inner.x - 3, y: at + 0.35 * type.tick, 'text-anchor': 'end' })
    )
  }
  // Narrow plots have room for fewer labels.
  const every = inner.width > 7 * 3.2 * type.tick ? 30 : 45
  for (let degrees = -90; degrees <= 90; degrees += every) {
    const at = x(degrees)
    parts.push(element('line', { x1: at, x2: at, y1: foot, y2: foot + 2, stroke: ink.text, 'stroke-width': 0.5 }))
    const name = `${String(degrees).replace('-', '−')}°`
    parts.push(text(name, { ...label, x: at, y: foot + 2.5 + type.tick, 'text-anchor': 'middle' }))
  }
  parts.push(element('rect', { ...inner, fill: 'none', stroke: ink.text, 'stroke-width': 0.5 }))
  const stroke = strokes[ink.text === '#000' ? '#000' : '#fff']
  for (const { name, directions } of curves) {
    const d = linePath(directions.bins, x, y)
    const line = { d, fill: 'none', stroke: stroke[name], 'stroke-width': widths[name], 'stroke-linejoin': 'round' }
    parts.push(element('path', { class: `curve ${name}`, ...line }))
  }
  parts.push(
    text('angle from tilt 0 around the tilt axis', {
      ...label,
      x: inner.x + inner.width / 2,
      y: foot + 2.5 + 2.15 * type.tick,
      'text-anchor': 'middle'
    })
  )
  const at = { x: frame.x + 0.85 * type.tick, y: inner.y + inner.height / 2 }
  const turn = `rotate(-90 ${Number(at.x.toFixed(3))} ${Number(at.y.toFixed(3))})`
  const whole = 'power per frequency (grey value²)'
  const name = drawing.font.width(whole) * type.tick <= inner.height ? whole : 'power (grey value²)'
  parts.push(text(name, { ...label, ...at, 'text-anchor': 'middle', transform: turn }))
  return parts
}

/** A line through the bins' middles; bins without a frequency are left out. */
function linePath(bins: Directions['bins'], x: (degrees: number) => number, y: (power: number) => number): string {
  return bins
    .filter(({ power }) => Number.isFinite(power))
    .map(({ degrees, power }, i) => `${i === 0 ? 'M' : 'L'}${x(degrees).toFixed(3)} ${y(power).toFixed(3)}`)
    .join('')
}

/** What each line is, and how much of the variance lies in the wedge. */
function namesLegend(curves: readonly Curve[]): Legend {
  const deviations = curves.find(({ name }) => name === 'deviations')?.directions
  const words = deviations
    ? `${percent(deviations.wedge.share)} of the variance lies in the wedge, which holds ${percent(deviations.wedge.frequencies)} of the frequencies`
    : null
  const beside = 14
  const namesOf = (width: number, letters: Letters): string[][] =>
    curves.map(({ label }) => linesWithin(label, width - beside, letters.type.tick, letters))
  const wordsOf = (width: number, letters: Letters): string[] =>
    words ? linesWithin(words, width, letters.type.tick, letters) : []
  const gap = 1.25
  return {
    height: (width, letters) =>
      linesHeight(namesOf(width, letters).flat().length + wordsOf(width, letters).length, letters.type.tick),
    draw(frame, drawing) {
      const { ink, type } = drawing
      const stroke = strokes[ink.text === '#000' ? '#000' : '#fff']
      const parts: Drawn[] = []
      let y = frame.y + type.tick
      namesOf(frame.width, drawing).forEach((lines, i) => {
        const { name } = curves[i]
        const line = { x1: frame.x, x2: frame.x + 10, y1: y - 0.35 * type.tick, y2: y - 0.35 * type.tick }
        parts.push(element('line', { ...line, stroke: stroke[name], 'stroke-width': widths[name] }))
        parts.push(...drawnLines(lines, y, type.tick, { x: frame.x + beside, fill: ink.text }))
        y += lines.length * gap * type.tick
      })
      parts.push(...drawnLines(wordsOf(frame.width, drawing), y, type.tick, { x: frame.x, fill: ink.text }))
      return element('g', { class: 'curve-names' }, ...parts)
    }
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
