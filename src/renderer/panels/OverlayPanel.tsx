import { colourMapSchema } from '../../shared/figure.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { formatForField } from '../numbers/format.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { editOverlay, overlayOf, overlayRange, useOverlay } from '../stores/overlay.ts'
import { isGrey, tomogramOf, useVolumes } from '../stores/volumes.ts'

/** The colour overlay: which map, its colours, range, threshold and opacity. Absent while no run has made one. */
export function OverlayPanel({ tomogram }: { tomogram: string }) {
  const { volumes, order } = useVolumes()
  const overlay = useOverlay((state) => overlayOf(state, tomogram))
  const choices = order.map((id) => volumes[id]).filter((v) => tomogramOf(v) === tomogram && !isGrey(v))
  if (choices.length === 0) return null
  const volume = choices.find(({ id }) => id === overlay.volumeId) ?? null
  const range = volume ? overlayRange(overlay, volume) : null
  const edit = (change: Partial<typeof overlay>): void => editOverlay(tomogram, change)
  return (
    <Section
      title="Overlay"
      aside={
        <label className="check" {...tip('Overlay on or off', 'O')}>
          <input
            type="checkbox"
            checked={overlay.visible && volume !== null}
            disabled={volume === null}
            onChange={(event) => edit({ visible: event.target.checked })}
          />
          on
        </label>
      }
    >
      <div className="row">
        <select
          className="grow"
          aria-label="Map drawn as overlay"
          value={overlay.volumeId ?? ''}
          onChange={(event) =>
            edit({ volumeId: event.target.value || null, visible: true, low: null, high: null, threshold: null })
          }
        >
          <option value="">none</option>
          {choices.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {layerTitle(choice)}
            </option>
          ))}
        </select>
        <select
          aria-label="Colour map of the overlay"
          value={overlay.colourMap}
          onChange={(event) => edit({ colourMap: colourMapSchema.parse(event.target.value) })}
        >
          {colourMapSchema.options.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      {volume && range && (
        <>
          <div className="row">
            <NumberField
              label="From"
              labelled
              value={range.low}
              format={formatForField}
              emptyAllowed
              onCommit={(low) => edit({ low })}
              tipAttributes={tip(`Value with the first colour: ${volume.quantity}. Empty: automatic.`)}
            />
            <NumberField
              label="to"
              labelled
              value={range.high}
              format={formatForField}
              emptyAllowed
              onCommit={(high) => edit({ high })}
              tipAttributes={tip(`Value with the last colour: ${volume.quantity}. Empty: automatic.`)}
            />
          </div>
          <div className="row">
            <label className="slider-field" {...tip('Opacity at the top of the range')}>
              <span className="field-label">Opacity</span>
              <input
                type="range"
                min={0}
                max={1}
                step={0.01}
                value={overlay.opacity}
                onChange={(event) => edit({ opacity: Number(event.target.value) })}
              />
              <output>{Math.round(overlay.opacity * 100)} %</output>
            </label>
          </div>
          <div className="row">
            <NumberField
              label="Hide below"
              labelled
              value={overlay.threshold}
              format={formatForField}
              placeholder="–"
              emptyAllowed
              onCommit={(threshold) => edit({ threshold })}
              tipAttributes={tip('Values below this are not drawn. Empty: all are.')}
            />
            <label className="check" {...tip('Low values are transparent, so that the grey values stay visible there')}>
              <input
                type="checkbox"
                checked={overlay.opacityByValue}
                onChange={(event) => edit({ opacityByValue: event.target.checked })}
              />
              Opacity by value
            </label>
          </div>
        </>
      )}
    </Section>
  )
}
