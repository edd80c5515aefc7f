import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { decadeLabel, decadesOf } from '../../shared/decades.ts'
import { angularBinDegrees } from '../../shared/directions.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { formatValue, minus } from '../numbers/format.ts'
import { powerAt, type Curve } from './curves.ts'

interface CurvesPlotProps {
  curves: readonly Curve[]
  wedge: Wedge
  width: number
  height: number
}

const margin = { left: 58, right: 14, top: 10, bottom: 38 }

/** Power and variance against the angle from tilt 0, logarithmic, the unmeasured angles shaded; what lies under the pointer is read out. */
export function CurvesPlot({ curves, wedge, width, height }: CurvesPlotProps) {
  const [angle, setAngle] = useState<number | null>(null)
  const decades = decadesOf(curves.flatMap(({ directions }) => directions.bins.map(({ power }) => power)))
  if (!decades || width < 160 || height < 120) return null
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom }
  const x = (degrees: number): number => margin.left + ((degrees + 90) / 180) * inner.width
  const y = (power: number): number => {
    const log = Math.max(decades.low, Math.log10(Math.max(power, Number.MIN_VALUE)))
    return margin.top + (1 - (log - decades.low) / (decades.high - decades.low)) * inner.height
  }
  const bottom = margin.top + inner.height
  const exponents = Array.from({ length: decades.high - decades.low + 1 }, (_, i) => decades.low + i)

  // Bins without a frequency are left out of small boxes; what is read out is always a bin that there is.
  const angles = curves[0].directions.bins.map(({ degrees }) => degrees)
  const toBin = (degrees: number): number =>
    angles.reduce((a, b) => (Math.abs(b - degrees) < Math.abs(a - degrees) ? b : a))
  const onMove = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    const degrees = (((event.clientX - box.left) / box.width) * width - margin.left) * (180 / inner.width) - 90
    setAngle(degrees < -90 || degrees > 90 ? null : toBin(degrees))
  }
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const next = angles.indexOf(toBin(angle ?? 0)) + by
    setAngle(angles[Math.min(angles.length - 1, Math.max(0, next))])
  }
  const readOut = angle === null ? null : readAt(curves, angle)
  const words = readOut?.map(({ label, power }) => `${label} ${power === null ? 'no frequency' : formatValue(power)}`)

  return (
    <div className="curves-plot">
      <svg
        width={width}
        height={height}
        role="slider"
        tabIndex={0}
        aria-label="Power and variance against angle"
        aria-valuemin={-90}
        aria-valuemax={90}
        aria-valuenow={angle ?? 0}
        aria-valuetext={words ? `${angle} degrees: ${words.join(', ')}` : 'arrow keys read out single angles'}
        onPointerMove={onMove}
        onPointerLeave={() => setAngle(null)}
        onKeyDown={onKeyDown}
      >
        {wedge.tiltMax - wedge.tiltMin < 180 &&
          [
            [-90, wedge.tiltMin],
            [wedge.tiltMax, 90]
          ].map(([from, to]) => (
            <rect
              key={from}
              className="wedge-missing"
              x={x(from)}
              width={Math.max(0, x(to) - x(from))}
              y={margin.top}
              height={inner.height}
            />
          ))}
        <g className="curves-grid">
          {exponents.map((exponent) => (
            <g key={exponent}>
              <path d={`M${margin.left} ${y(10 ** exponent)}h${inner.width}`} />
              <text x={margin.left - 6} y={y(10 ** exponent) + 4} textAnchor="end">
                {decadeLabel(exponent)}
              </text>
            </g>
          ))}
          {[-90, -60, -30, 0, 30, 60, 90].map((degrees) => (
            <g key={degrees}>
              <path d={`M${x(degrees)} ${bottom}v4`} />
              <text x={x(degrees)} y={bottom + 16} textAnchor="middle">
                {minus(String(degrees))}°
              </text>
            </g>
          ))}
          <text x={margin.left + inner.width / 2} y={height - 6} textAnchor="middle">
            angle from tilt 0 around the tilt axis
          </text>
          <text transform={`translate(14 ${margin.top + inner.height / 2}) rotate(-90)`} textAnchor="middle">
            power per frequency (grey value²)
          </text>
        </g>
        {curves.map(({ name, directions }) => (
          <path key={name} className="curve" data-curve={name} d={linePath(directions.bins, x, y)} />
        ))}
        {angle !== null && <path className="curves-cursor" d={`M${x(angle)} ${margin.top}V${bottom}`} />}
        {angle !== null &&
          readOut?.map(({ name, power }) =>
            power === null || power <= 0 ? null : (
              <circle key={name} className="curve-point" data-curve={name} cx={x(angle)} cy={y(power)} r={3} />
            )
          )}
      </svg>
      {angle !== null && readOut && (
        <dl
          className="curves-readout"
          data-angle={angle}
          style={angle < 0 ? { right: margin.right + 6 } : { left: margin.left + 6 }}
        >
          <dt>angle</dt>
          <dd>{minus(String(angle))}°</dd>
          {readOut.map(({ name, label, power }) => (
            <div key={name} data-curve={name} data-exact={power ?? ''}>
              <dt>{label}</dt>
              <dd>{power === null ? '–' : formatValue(power)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

function readAt(curves: readonly Curve[], degrees: number) {
  return curves.map((curve) => ({
    name: curve.name,
    label: curve.label,
    power: powerAt(curve, degrees, angularBinDegrees)
  }))
}

/** A line through the bins' middles, broken nowhere: bins without a frequency are left out. */
function linePath(
  bins: readonly { degrees: number; power: number }[],
  x: (degrees: number) => number,
  y: (power: number) => number
): string {
  return bins
    .filter(({ power }) => Number.isFinite(power))
    .map(({ degrees, power }, i) => `${i === 0 ? 'M' : 'L'}${x(degrees).toFixed(1)} ${y(power).toFixed(1)}`)
    .join('')
}
