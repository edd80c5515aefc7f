import { formatValue } from '../numbers/format.ts'
import { gradientOf } from '../slices/colourMaps.ts'
import { overlayOf, overlayRange, useOverlay } from '../stores/overlay.ts'
import { useVolumes } from '../stores/volumes.ts'

/**
 * The overlay's colour bar, below the panes so that it covers no data: quantity with unit, range, threshold. It keeps
 * its place while the overlay is off, so that switching moves no picture.
 */
export function OverlayLegend({ tomogram }: { tomogram: string }) {
  const overlay = useOverlay((state) => overlayOf(state, tomogram))
  const volume = useVolumes((state) => (overlay.volumeId === null ? undefined : state.volumes[overlay.volumeId]))
  if (!volume) return null
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
