import { useEffect, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Histogram } from '../../shared/api.ts'
import type { Contrast, OpenVolume } from '../../shared/volumes.ts'
import { LatestRequest } from '../api/latest.ts'
import { getHistogram } from '../api/routes.ts'
import { scanText, useScans } from '../stores/scans.ts'
import { formatValue } from '../numbers/format.ts'

const width = 268
const height = 64

/** A two-hundredth of the range a step; PageUp and PageDown ten. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10
}

interface HistogramPlotProps {
  volume: OpenVolume
  display: Contrast
  onChange(contrast: Partial<Contrast>): void
}

/** The volume's histogram (logarithmic counts) with handles at black and white. */
export function HistogramPlot({ volume, display, onChange }: HistogramPlotProps) {
  const histogram = useHistogram(volume.id, volume.revision)
  const scan = useScans((state) => scanText(state.fractions, volume.id, 'histogram'))
  if (!histogram) return <div className="histogram histogram-waiting">Counting grey values{scan}</div>
  const { min, max, counts } = histogram
  const span = max > min ? max - min : 1
  const x = (value: number): number => Math.min(width, Math.max(0, ((value - min) / span) * width))
  const top = Math.log1p(Math.max(1, ...counts))
  const bar = width / counts.length
  const outline = counts
    .map((count, i) => `L${(i * bar).toFixed(1)} ${y(count)}L${((i + 1) * bar).toFixed(1)} ${y(count)}`)
    .join('')

  function y(count: number): string {
    return (height - (Math.log1p(count) / top) * (height - 4)).toFixed(1)
  }

  const handle = (side: 'low' | 'high', name: string) => {
    const value = display[side]
    const set = (to: number): void =>
      onChange(
        side === 'low'
          ? { low: Math.min(to, display.high), high: display.high }
          : { low: display.low, high: Math.max(to, display.low) }
      )
    return (
      <g
        className="histogram-handle"
        role="slider"
        tabIndex={0}
        aria-label={`${name} level`}
        aria-valuenow={value}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuetext={formatValue(value)}
        onPointerDown={(event: PointerEvent<SVGGElement>) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event: PointerEvent<SVGGElement>) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
          const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect()
          if (box) set(min + ((event.clientX - box.left) / box.width) * span)
        }}
        onKeyDown={(event: KeyboardEvent<SVGGElement>) => {
          const by = keySteps[event.key]
          if (by === undefined) return
          event.preventDefault()
          set(value + (by * span * (event.shiftKey ? 10 : 1)) / 200)
        }}
      >
        <rect x={x(value) - 6} y={0} width={12} height={height} className="histogram-grip" />
        <path d={`M${x(value)} 0V${height}`} />
        <path className="histogram-tab" d={side === 'low' ? `M${x(value)} 0h7l-7 8z` : `M${x(value)} 0h-7l7 8z`} />
      </g>
    )
  }

  return (
    <figure className="histogram">
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Histogram of grey values">
        <path className="histogram-counts" d={`M0 ${height}${outline}L${width} ${height}Z`} />
        <path className="histogram-ramp" d={`M${x(display.low)} ${height - 1}L${x(display.high)} 1`} />
        <WindowGrip x={x} span={span} display={display} onChange={onChange} />
        {handle('low', 'Black')}
        {handle('high', 'White')}
      </svg>
      <figcaption>
        <span>{formatValue(min)}</span>
        <span>{formatValue(max)}</span>
      </figcaption>
    </figure>
  )
}

interface WindowGripProps extends Pick<HistogramPlotProps, 'display' | 'onChange'> {
  x(value: number): number
  span: number
}

/** The room between the handles: dragging it moves both. By keyboard the handles do the same one by one. */
function WindowGrip({ x, span, display, onChange }: WindowGripProps) {
  const [from, setFrom] = useState<{ at: number; display: Contrast } | null>(null)
  return (
    <rect
      className="histogram-window"
      x={x(display.low) + 6}
      width={Math.max(0, x(display.high) - x(display.low) - 12)}
      y={0}
      height={height}
      onPointerDown={(event: PointerEvent<SVGRectElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setFrom({ at: event.clientX, display: { low: display.low, high: display.high } })
      }}
      onPointerMove={(event: PointerEvent<SVGRectElement>) => {
        const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect()
        if (!from || !box) return
        const by = ((event.clientX - from.at) / box.width) * span
        onChange({ low: from.display.low + by, high: from.display.high + by })
      }}
      onLostPointerCapture={() => setFrom(null)}
    />
  )
}

function useHistogram(volumeId: string, revision: number): Histogram | null {
  const [known, setKnown] = useState<{ volumeId: string; histogram: Histogram } | null>(null)
  const [latest] = useState(
    () =>
      new LatestRequest<string, Histogram>(
        (id, signal) => getHistogram(id, signal),
        (histogram, id) => setKnown({ volumeId: id, histogram }),
        () => setKnown(null)
      )
  )
  useEffect(() => latest.request(volumeId), [latest, volumeId, revision])
  return known?.volumeId === volumeId ? known.histogram : null
}
