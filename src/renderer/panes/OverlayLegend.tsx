import { formatValue } from '../numbers/format.ts'
import { gradientOf } from '../slices/colourMaps.ts'
import { overlayOf, overlayRange, useOverlay } from '../stores/overlay.ts'
import { useLayout } from '../stores/layout.ts'
import { useVolumes } from '../stores/volumes.ts'

/** The overlay's colour bar, below the panes so that it covers no data: quantity with unit, range, threshold. */
export function OverlayLegend({ tomogram }: { tomogram: string }) {
  const overlay = useOverlay((state) => overlayOf(state, tomogram))
  const volume = useVolumes((state) => (overlay.volumeId === null ? undefined : state.volumes[overlay.volumeId]))
  const shown = useLayout((state) => state.panes.some((pane) => pane.overlay))
  if (!volume || !overlay.visible || !shown) return null
  const { low, high } = overlayRange(overlay, volume)
  const cut = overlay.threshold === null ? 0 : Math.min(1, Math.max(0, (overlay.threshold - low) / (high - low)))
  return (
    <div className="legend" role="group" aria-label={`Colour bar: ${volume.quantity}`}>
      <span className="legend-quantity">{volume.quantity}</span>
      <span className="legend-number">{formatValue(low)}</span>
      <span className="legend-bar" data-colour-bar style={{ backgroundImage: gradientOf(overlay.colourMap) }}>
        {cut > 0 && <span className="legend-cut" style={{ width: `${cut * 100}%` }} />}
      </span>
      <span className="legend-number">{formatValue(high)}</span>
      <span className="legend-note">
        {overlay.opacityByValue ? 'opacity grows with the value' : `opacity ${Math.round(overlay.opacity * 100)} %`}
        {overlay.threshold === null ? '' : `, from ${formatValue(overlay.threshold)}`}
      </span>
    </div>
  )
}
