import { binColour, binsInRow } from '../../shared/value-suppressing.ts'
import type { ColourMapName } from '../../shared/figure.ts'
import { formatValue } from '../numbers/format.ts'

interface PaletteKeyProps {
  colourMap: ColourMapName
  rows: number
  /** `gamma` bends the values along the arc as it does in the picture. */
  value: { low: number; high: number; gamma: number; quantity: string }
  spread: { low: number; high: number; quantity: string }
}

const width = 256
const height = 168
const apex = { x: width / 2, y: 150 }
const radius = { inner: 16, outer: 122 }
/** Half of the opening, from the vertical. */
const opening = (42 * Math.PI) / 180

/**
 * The palette's key, a wedge: value around the arc, uncertainty towards the tip, where all values are one grey. Each cell is one colour of the
 * palette; ticks stand at the borders between its bins.
 */
export function PaletteKey({ colourMap, rows, value, spread }: PaletteKeyProps) {
  const rowRadius = (row: number): number => radius.outer - (row * (radius.outer - radius.inner)) / rows
  const ticks = [0, 0.25, 0.5, 0.75, 1]
  const label = `Palette: ${value.quantity} from ${formatValue(value.low)} to ${formatValue(value.high)} around the arc, ${spread.quantity} from ${formatValue(spread.low)} at the arc to ${formatValue(spread.high)} at the tip`
  return (
    <figure className="palette-key">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {Array.from({ length: rows }, (_, row) =>
          Array.from({ length: binsInRow(row, rows) }, (_, bin) => {
            const bins = binsInRow(row, rows)
            const colour = binColour(colourMap, bin, row, rows).map(Math.round)
            return (
              <path
                key={`${row}-${bin}`}
                data-cell={`${row}-${bin}`}
                d={sector(bin / bins, (bin + 1) / bins, rowRadius(row), rowRadius(row + 1))}
                fill={`rgb(${colour.join(' ')})`}
              />
            )
          })
        )}
        {ticks.map((share) => {
          const from = at(share, radius.outer + 2)
          const to = at(share, radius.outer + 6)
          const text = at(share, radius.outer + (share === 0 || share === 1 ? 9 : 16))
          return (
            <g key={share}>
              <path className="key-tick" d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
              <text className="key-text" textAnchor={anchorAt(share)} x={text.x} y={text.y + 4}>
                {short(value.low + share ** value.gamma * (value.high - value.low))}
              </text>
            </g>
          )
        })}
        {Array.from({ length: rows + 1 }, (_, row) => {
          const from = at(1, rowRadius(row))
          return (
            <g key={row}>
              <path className="key-tick" d={`M${from.x + 2} ${from.y + 2}l3 3`} />
              <text className="key-text" x={from.x + 8} y={from.y + 12}>
                {short(spread.low + (row / rows) * (spread.high - spread.low))}
              </text>
            </g>
          )
        })}
      </svg>
      <figcaption>
        <span>arc: {value.quantity}</span>
        <span>side: {spread.quantity}</span>
      </figcaption>
    </figure>
  )
}

/** Labels at the ends stand beside the arc, so that none meets another. */
function anchorAt(share: number): 'start' | 'middle' | 'end' {
  return share === 0 ? 'end' : share === 1 ? 'start' : 'middle'
}

/** A point at a share of the arc, left to right, and a radius. */
function at(share: number, r: number): { x: number; y: number } {
  const angle = (2 * share - 1) * opening
  return { x: apex.x + r * Math.sin(angle), y: apex.y - r * Math.cos(angle) }
}

function sector(from: number, to: number, outer: number, inner: number): string {
  const [a, b, c, d] = [at(from, outer), at(to, outer), at(to, inner), at(from, inner)]
  const point = ({ x, y }: { x: number; y: number }): string => `${x.toFixed(2)} ${y.toFixed(2)}`
  return `M${point(a)}A${outer} ${outer} 0 0 1 ${point(b)}L${point(c)}A${inner} ${inner} 0 0 0 ${point(d)}Z`
}

/** Three digits are what a tick can be read to. */
function short(value: number): string {
  const rounded = Number(value.toPrecision(3))
  return String(rounded).replace('-', '−')
}
