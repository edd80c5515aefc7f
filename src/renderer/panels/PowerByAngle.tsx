import { useState, type PointerEvent } from 'react'
import type { WedgeReport } from '../../shared/api.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { formatValue, minus } from '../numbers/format.ts'

const width = 268
const height = 44

/** Mean power against the angle from tilt 0, logarithmic, with the unmeasured angles shaded; what lies under the pointer is read out. */
export function PowerByAngle({ points, wedge }: { points: WedgeReport['powerByAngle']; wedge: Wedge }) {
  const [at, setAt] = useState<number | null>(null)
  const finite = points.filter(({ power }) => power > 0 && Number.isFinite(power))
  if (finite.length < 2) return null
  const signed = finite.some(({ degrees }) => degrees < 0)
  const from = signed ? -90 : 0
  const x = (degrees: number): number => ((degrees - from) / (90 - from)) * width
  const logs = finite.map(({ power }) => Math.log10(power))
  const low = Math.max(Math.min(...logs), Math.max(...logs) - 4)
  const high = Math.max(...logs)
  const y = (log: number): number => 2 + (1 - (Math.max(low, log) - low) / (high - low || 1)) * (height - 4)
  const line = finite.map(({ degrees }, i) => `${i === 0 ? 'M' : 'L'}${x(degrees).toFixed(1)} ${y(logs[i]).toFixed(1)}`)
  const shade = (a: number, b: number) =>
    b > a && <rect className="wedge-missing" x={x(a)} width={x(b) - x(a)} y={0} height={height} />
  const onMove = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    setAt(from + ((event.clientX - box.left) / box.width) * (90 - from))
  }
  const nearest =
    at === null ? null : finite.reduce((a, b) => (Math.abs(b.degrees - at) < Math.abs(a.degrees - at) ? b : a))
  return (
    <figure className="power-by-angle">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label="Mean power against angle, unmeasured angles shaded"
        onPointerMove={onMove}
        onPointerLeave={() => setAt(null)}
      >
        {signed && shade(-90, wedge.tiltMin)}
        {shade(signed ? wedge.tiltMax : Math.max(0, Math.min(wedge.tiltMax, -wedge.tiltMin)), 90)}
        <path d={line.join('')} />
        {nearest && <path className="power-cursor" d={`M${x(nearest.degrees)} 0V${height}`} />}
      </svg>
      <figcaption>
        <span>{signed ? '−90°' : '0°'}</span>
        <span>
          {nearest
            ? `${minus(nearest.degrees.toFixed(0))}°: ${formatValue(nearest.power)} grey value²`
            : 'mean power by angle, log'}
        </span>
        <span>90°</span>
      </figcaption>
    </figure>
  )
}
