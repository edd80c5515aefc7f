import { commandTip } from '../commands/commandTip.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { saveVolume } from '../files/saveFile.ts'
import { roleNames } from '../panes/layerTitle.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { isGrey, showVolume, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { followsList, showPlanes, useLayout } from '../stores/layout.ts'
import { explanationOf } from '../uncertainty/explanations.ts'
import { useValueAtCursor } from './valueAtCursor.ts'

/** One volume that can be drawn: as the base, or (maps of spread and share) as the overlay. Its value at the crosshair stands beside it. */
export function LayerRow({ volume, name }: { volume: OpenVolume; name?: string }) {
  const tomogram = tomogramOf(volume)
  const shown = useVolumes((state) => state.tomogram === tomogram && (state.base[tomogram] ?? tomogram) === volume.id)
  const overlay = useOverlay((state) => overlayOf(state, tomogram))
  const follows = useLayout(followsList)
  const value = useValueAtCursor(volume)
  const overlaid = overlay.volumeId === volume.id && overlay.visible
  const explanation = explanationOf(volume.role, name === 'MAP')
  const title = name ?? (volume.role && volume.role !== 'member' ? roleNames[volume.role] : volume.name)

  return (
    <div className="layer" data-layer={volume.id} data-role={volume.role ?? 'tomogram'}>
      <button
        type="button"
        className="layer-name"
        aria-pressed={shown && follows}
        onClick={() => {
          if (!follows) showPlanes()
          showVolume(volume.id)
        }}
        {...tip(explanation ?? `Show ${volume.quantity}`)}
      >
        {title}
      </button>
      <span className="layer-value" aria-label={`${title} at the crosshair`}>
        {value}
      </span>
      {isGrey(volume) ? (
        <span className="icon-space" />
      ) : (
        <button
          type="button"
          className="icon-button"
          aria-pressed={overlaid}
          aria-label={`Overlay ${title}`}
          onClick={() =>
            editOverlay(
              tomogram,
              overlaid
                ? { visible: false }
                : { volumeId: volume.id, visible: true, low: null, high: null, threshold: null }
            )
          }
          {...commandTip(`Draw ${volume.quantity} over the grey values`, 'overlay')}
        >
          <Icon name="overlay" />
        </button>
      )}
      <button
        type="button"
        className="icon-button layer-save"
        aria-label={`Save ${title} as MRC`}
        onClick={() => void saveVolume(volume)}
        {...tip('Save as MRC')}
      >
        <Icon name="save" />
      </button>
    </div>
  )
}
