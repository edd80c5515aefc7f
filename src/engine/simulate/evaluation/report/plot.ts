import { plain, roundDown125 } from '../../../../shared/round-lengths.ts'
import { element, escaped, text } from './markup.ts'

export interface Series {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly dashed?: boolean
}

export interface PlotOptions {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly xRange: readonly [number, number]
  readonly yRange: readonly [number, number]
  readonly series: readonly Series[]
  /** `bars` draws the series side by side around each x. */
  readonly style?: 'lines' | 'bars'
  /** A thin line for what an honest family would have. */
  readonly reference?: readonly { readonly x: number; readonly y: number }[]
}

const width = 360
const height = 250
const margin = { left: 48, right: 12, top: 26, bottom: 40 }
const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom }
/** Okabe and Ito's colours, told apart by colour-blind readers. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']

/** A small plot as inline SVG, black on white, its description in its title. */
export function plot(options: PlotOptions): string {
  const { title, series, xRange, yRange, style = 'lines', reference } = options
  const x = (value: number): number => margin.left + (inner.width * (value - xRange[0])) / (xRange[1] - xRange[0])
  const y = (value: number): number => margin.top + inner.height * (1 - (value - yRange[0]) / (yRange[1] - yRange[0]))
  const path = (points: Series['points']): string =>
    points.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.x).toFixed(2)} ${y(point.y).toFixed(2)}`).join('')
  const drawn = style === 'bars' ? bars(series, xRange, x, y(yRange[0]), y) : lines(series, path)
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', xmlns: 'http://www.w3.org/2000/svg' },
    element('title', {}, escaped(title)),
    text(title, { x: margin.left, y: 15, 'font-size': 12, 'font-weight': 600 }),
    ...axes(options, x, y),
    ...(reference
      ? [element('path', { d: path(reference), fill: 'none', stroke: '#888', 'stroke-dasharray': '3 3' })]
      : []),
    ...drawn,
    ...legend(series)
  )
}

function lines(series: readonly Series[], path: (points: Series['points']) => string): string[] {
  return series.map(({ points, dashed }, i) =>
    element('path', {
      d: path(points),
      fill: 'none',
      stroke: colours[i % colours.length],
      'stroke-width': 1.6,
      ...(dashed ? { 'stroke-dasharray': '5 3' } : {})
    })
  )
}

function bars(
  series: readonly Series[],
  [low, high]: readonly [number, number],
  x: (value: number) => number,
  floor: number,
  y: (value: number) => number
): string[] {
  const slots = Math.max(1, ...series.map(({ points }) => points.length))
  const wide = ((x(high) - x(low)) / slots) * 0.8
  const each = wide / Math.max(1, series.length)
  return series.flatMap(({ points }, i) =>
    points.map((point) =>
      element('rect', {
        x: x(point.x) - wide / 2 + i * each,
        y: y(point.y),
        width: each,
        height: Math.max(0, floor - y(point.y)),
        fill: colours[i % colours.length]
      })
    )
  )
}

function axes(
  { xLabel, yLabel, xRange, yRange }: PlotOptions,
  x: (value: number) => number,
  y: (value: number) => number
): string[] {
  const small = { 'font-size': 10, fill: '#333' }
  return [
    element('rect', {
      x: margin.left,
      y: margin.top,
      width: inner.width,
      height: inner.height,
      fill: 'none',
      stroke: '#555'
    }),
    ...ticks(xRange).map((value) =>
      text(tickText(value), { x: x(value), y: height - margin.bottom + 14, 'text-anchor': 'middle', ...small })
    ),
    ...ticks(yRange).flatMap((value) => [
      element('path', { d: `M${margin.left} ${y(value)}h${inner.width}`, stroke: '#e4e4e4' }),
      text(tickText(value), { x: margin.left - 5, y: y(value) + 3, 'text-anchor': 'end', ...small })
    ]),
    text(xLabel, { x: margin.left + inner.width / 2, y: height - 8, 'text-anchor': 'middle', ...small }),
    text(yLabel, {
      transform: `translate(11 ${margin.top + inner.height / 2}) rotate(-90)`,
      'text-anchor': 'middle',
      ...small
    })
  ]
}

/** Multiples of 1, 2 or 5 times a power of ten: four to ten of them. */
function ticks([low, high]: readonly [number, number]): number[] {
  const step = roundDown125((high - low) / 4)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, i) => plain((first + i) * step))
}

function tickText(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function legend(series: readonly Series[]): string[] {
  const right = width - margin.right - 6
  return series.map(({ name }, i) =>
    text(name, {
      x: right,
      y: margin.top + 14 + 13 * i,
      'text-anchor': 'end',
      'font-size': 10,
      fill: colours[i % colours.length]
    })
  )
}
