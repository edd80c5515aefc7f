import { formatForField } from '../numbers/format.ts'
import { niceLevels } from './niceLevels.ts'

export interface Series {
  name: string
  /** One value a step, from step 1 on. */
  values: readonly (number | null)[]
}

interface SeriesPlotProps {
  title: string
  series: readonly Series[]
  /** Steps that are not counted; shaded. */
  burnIn: number
  /** A value to compare with, and what it means. */
  expected?: { value: number; name: string }
}

const width = 780
const height = 148
const margin = { left: 58, right: 8, top: 6, bottom: 20 }
/** A point a pixel at most. */
const points = width - margin.left - margin.right

/**
 * Values step by step. The range is that of the steps after half of the burn-in, so that what the chains do in the end can be seen; what
 * comes before may leave the plot at the top.
 */
export function SeriesPlot({ title, series, burnIn, expected }: SeriesPlotProps) {
  const steps = Math.max(...series.map(({ values }) => values.length))
  const range = rangeOf(series, Math.floor(burnIn / 2), expected?.value)
  if (steps < 2 || !range) return null
  const x = (step: number): number => margin.left + ((step - 1) / (steps - 1)) * (width - margin.left - margin.right)
  const y = (value: number): number =>
    margin.top + (1 - (value - range.low) / (range.high - range.low)) * (height - margin.top - margin.bottom)
  const bottom = height - margin.bottom
  const names = series.map(({ name }) => name).join(', ')
  return (
    <figure className="series-plot">
      <figcaption>
        <span>{title}</span>
        {series.length > 1 &&
          series.map(({ name }, i) => (
            <span key={name} className="series-name">
              <svg width="20" height="8" aria-hidden="true">
                <path className="series-line" data-series={i % 8} d="M0 4h20" />
              </svg>
              {name}
            </span>
          ))}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title} at each of ${steps} steps: ${names}`}>
        <svg x={margin.left} y={margin.top} width={points} height={bottom - margin.top} overflow="hidden">
          <g transform={`translate(${-margin.left} ${-margin.top})`}>
            {burnIn > 0 && (
              <rect
                className="wedge-missing"
                x={margin.left}
                y={0}
                width={x(Math.min(burnIn, steps)) - margin.left}
                height={height}
              />
            )}
            {expected && <path className="series-expected" d={`M${margin.left} ${y(expected.value)}H${width}`} />}
            {series.map(({ name, values }, i) => (
              <path key={name} className="series-line" data-series={i % 8} d={pathOf(values, x, y)} />
            ))}
          </g>
        </svg>
        <path className="series-frame" d={`M${margin.left} ${margin.top}V${bottom}H${width - margin.right}`} />
        {niceLevels(range, 3).map((level) => (
          <g key={level}>
            <path className="series-frame" d={`M${margin.left - 4} ${y(level)}h4`} />
            <text className="key-text" textAnchor="end" x={margin.left - 7} y={y(level) + 4}>
              {formatForField(level).replace('-', '−')}
            </text>
          </g>
        ))}
        <text className="key-text" x={margin.left} y={height - 5}>
          1
        </text>
        {burnIn > 0 && burnIn < steps && (
          <text className="key-text" textAnchor="middle" x={x(burnIn)} y={height - 5}>
            burn-in {burnIn}
          </text>
        )}
        <text className="key-text" textAnchor="end" x={width - margin.right} y={height - 5}>
          step {steps}
        </text>
        {expected && (
          <text className="key-text" textAnchor="end" x={width - margin.right - 2} y={y(expected.value) - 4}>
            {expected.name}
          </text>
        )}
      </svg>
    </figure>
  )
}

function rangeOf(series: readonly Series[], from: number, expected?: number): { low: number; high: number } | null {
  let low = expected ?? Infinity
  let high = expected ?? -Infinity
  for (const { values } of series)
    for (const value of values.slice(from)) {
      if (value === null) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  if (!(high >= low)) return null
  const around = high > low ? 0.08 * (high - low) : Math.max(1e-6, Math.abs(high) * 0.05)
  return { low: low - around, high: high + around }
}

/** Of several steps in one pixel the first and the extremes are drawn. A step without a value breaks the line. */
function pathOf(values: readonly (number | null)[], x: (step: number) => number, y: (value: number) => number): string {
  const size = Math.max(1, Math.ceil(values.length / points))
  const parts: string[] = []
  let pen = 'M'
  for (let from = 0; from < values.length; from += size) {
    const group = values.slice(from, from + size).filter((value) => value !== null)
    if (group.length === 0) {
      pen = 'M'
      continue
    }
    const shown = size === 1 ? group : [group[0], Math.min(...group), Math.max(...group)]
    for (const value of shown) {
      parts.push(`${pen}${x(from + 1).toFixed(1)} ${y(value).toFixed(1)}`)
      pen = 'L'
    }
  }
  return parts.join('')
}
