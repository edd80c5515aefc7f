import type { OpenVolume } from '../../shared/volumes.ts'
import { tip } from '../controls/tip.ts'
import { formatForField, formatValue } from '../numbers/format.ts'
import { gradientOf } from '../slices/colourMaps.ts'
import { useJobs } from '../stores/jobs.ts'
import { jobOfVolume } from './layerTitle.ts'
import { overlayOf, overlayRange, useOverlay, type Overlay } from '../stores/overlay.ts'
import { useVolumes } from '../stores/volumes.ts'
import { explanationOf } from '../uncertainty/explanations.ts'
import { useLookedAt } from '../uncertainty/useLookedAt.ts'

/**
 * Relative standard error in per cent of a spread estimated from `ess` independent Gaussian draws: 1 / sqrt(2 ESS) of an
 * SD, twice that of a variance. Null for other maps, and while the ESS is not known.
 */
function samplingErrorPercent(volume: OpenVolume, ess: number | null): string | null {
  if (ess === null || !(ess > 0)) return null
  const relative = 100 / Math.sqrt(2 * ess)
  if (volume.role === 'std') return relative.toFixed(relative < 10 ? 1 : 0)
  return volume.role?.endsWith('variance') ? (2 * relative).toFixed(relative < 5 ? 1 : 0) : null
}

/** Half of the central 99 % of a normal distribution, in its SDs; that is what a volume's robust contrast spans. */
const contrastHalfWidth = 2.576

/** Whether a spread varies over its region no more than its sampling error lets an even one vary (a tenth more is allowed). */
function isEven({ contrast: { low, high } }: OpenVolume, relativeError: number): boolean {
  return (high - low) / 2 <= 1.1 * contrastHalfWidth * relativeError * ((high + low) / 2)
}

/**
 * The overlay's colour bar, below the panes so that it covers no data: quantity with unit, range, threshold, contour levels. It keeps
 * its place while the overlay is off, so that switching moves no picture.
 */
export function OverlayLegend({ tomogram }: { tomogram: string }) {
  const overlay = useOverlay((state) => overlayOf(state, tomogram))
  const volume = useVolumes((state) => (overlay.volumeId === null ? undefined : state.volumes[overlay.volumeId]))
  const jobs = useJobs((state) => state.jobs)
  const lookedAt = useLookedAt()
  if (!volume) return null
  const error = samplingErrorPercent(volume, jobOfVolume(jobs, volume)?.run?.diagnostics.ess ?? null)
  const explanation = explanationOf(volume.role)
  const range = overlayRange(overlay, volume, lookedAt && lookedAt.display.high - lookedAt.display.low)
  const even = error !== null && isEven(volume, Number(error) / 100)
  return (
    <div
      className="legend"
      data-off={!overlay.visible || undefined}
      role="group"
      aria-label={`Colour bar: ${volume.quantity}`}
    >
      <span className="legend-quantity" {...(explanation ? tip(explanation) : {})}>
        {volume.quantity}
      </span>
      <span className="legend-number">{formatValue(range.low)}</span>
      {overlay.style === 'value-suppressing' ? (
        <MutingBar overlay={overlay} range={range} />
      ) : (
        <ColourBar overlay={overlay} range={range} />
      )}
      <span className="legend-number">{formatValue(range.high)}</span>
      <span className="legend-note">
        {error !== null && (
          <span
            {...tip('Half-width of one standard error: differences of this size come from the finite number of draws.')}
          >
            sampling error ± {error} %{even ? ': differences are within it' : ''},{' '}
          </span>
        )}
        {noteOf(overlay)}
      </span>
    </div>
  )
}

interface BarProps {
  overlay: Overlay
  range: { low: number; high: number }
}

function ColourBar({ overlay, range: { low, high } }: BarProps) {
  const shareOf = (value: number): number => (value - low) / (high - low)
  const cut = overlay.threshold === null ? 0 : Math.min(1, Math.max(0, shareOf(overlay.threshold)))
  return (
    <span className="legend-bar" data-colour-bar style={{ backgroundImage: gradientOf(overlay.colourMap) }}>
      {cut > 0 && <span className="legend-cut" style={{ width: `${cut * 100}%` }} />}
      <ContourTicks overlay={overlay} range={{ low, high }} />
    </span>
  )
}

/** From "colours tell values apart" to "all is grey", row by row; the palette's key in the panel has the colours of the values. */
function MutingBar({ overlay, range }: BarProps) {
  const rows = overlay.treeRows
  return (
    <span className="legend-bar muting-bar" data-colour-bar>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} style={{ backgroundImage: gradientOf(overlay.valueColours, 'to top') }}>
          <span style={{ opacity: row / (rows - 1) }} />
        </span>
      ))}
      <ContourTicks overlay={overlay} range={range} />
    </span>
  )
}

function ContourTicks({ overlay, range: { low, high } }: BarProps) {
  return overlay.contours
    .filter((level) => level >= low && level <= high)
    .map((level) => (
      <span
        key={level}
        className="legend-tick"
        data-level={level}
        style={{ left: `${((level - low) / (high - low)) * 100}%` }}
      />
    ))
}

function noteOf({ visible, style, opacityByValue, opacity, threshold, contours }: Overlay): string {
  if (!visible) return 'off'
  const lines = contours.length > 0 ? `, lines at ${contours.map(formatForField).join(', ')}` : ''
  if (style === 'value-suppressing') return `high values mute the grey value’s colours${lines}`
  const from = threshold === null ? '' : `, from ${formatValue(threshold)}`
  return (opacityByValue ? 'opacity grows with the value' : `opacity ${Math.round(opacity * 100)} %`) + from + lines
}
