import type { OpenVolume } from '../../shared/volumes.ts'
import { tip } from '../controls/tip.ts'
import { formatValue } from '../numbers/format.ts'
import { gradientOf } from '../slices/colourMaps.ts'
import { useJobs } from '../stores/jobs.ts'
import { jobOfVolume } from './layerTitle.ts'
import { overlayOf, overlayRange, useOverlay } from '../stores/overlay.ts'
import { useVolumes } from '../stores/volumes.ts'

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

/**
 * The overlay's colour bar, below the panes so that it covers no data: quantity with unit, range, threshold. It keeps
 * its place while the overlay is off, so that switching moves no picture.
 */
export function OverlayLegend({ tomogram }: { tomogram: string }) {
  const overlay = useOverlay((state) => overlayOf(state, tomogram))
  const volume = useVolumes((state) => (overlay.volumeId === null ? undefined : state.volumes[overlay.volumeId]))
  const jobs = useJobs((state) => state.jobs)
  if (!volume) return null
  const error = samplingErrorPercent(volume, jobOfVolume(jobs, volume)?.run?.diagnostics.ess ?? null)
  const { low, high } = overlayRange(overlay, volume)
  const cut = overlay.threshold === null ? 0 : Math.min(1, Math.max(0, (overlay.threshold - low) / (high - low)))
  return (
    <div
      className="legend"
      data-off={!overlay.visible || undefined}
      role="group"
      aria-label={`Colour bar: ${volume.quantity}`}
    >
      <span className="legend-quantity">{volume.quantity}</span>
      <span className="legend-number">{formatValue(low)}</span>
      <span className="legend-bar" data-colour-bar style={{ backgroundImage: gradientOf(overlay.colourMap) }}>
        {cut > 0 && <span className="legend-cut" style={{ width: `${cut * 100}%` }} />}
      </span>
      <span className="legend-number">{formatValue(high)}</span>
      <span className="legend-note">
        {error !== null && (
          <span
            {...tip('Half-width of one standard error: differences of this size come from the finite number of draws.')}
          >
            sampling error ± {error} %,{' '}
          </span>
        )}
        {!overlay.visible
          ? 'off'
          : overlay.opacityByValue
            ? 'opacity grows with the value'
            : `opacity ${Math.round(overlay.opacity * 100)} %`}
        {!overlay.visible || overlay.threshold === null ? '' : `, from ${formatValue(overlay.threshold)}`}
      </span>
    </div>
  )
}
