import { commandTip } from '../commands/commandTip.ts'
import { colourMapSchema } from '../../shared/figure.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { formatForField } from '../numbers/format.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { editOverlay, overlayOf, overlayRange, useOverlay, type Overlay } from '../stores/overlay.ts'
import { isGrey, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { ContourField } from '../uncertainty/ContourField.tsx'
import { PaletteFields } from '../uncertainty/PaletteFields.tsx'
import { familyOf, firstThreshold, showProbability } from '../uncertainty/probability.ts'
import { ProbabilityFields } from '../uncertainty/ProbabilityFields.tsx'
import { useLookedAt } from '../uncertainty/useLookedAt.ts'

/** Begins the value of an entry that makes P(x > t) of a run. */
const probabilityOf = 'probability of '

/** The overlay: which map, how it is drawn, its range, threshold, opacity and contour lines. Absent while no run has made one. */
export function OverlayPanel({ tomogram }: { tomogram: string }) {
  const { volumes, order } = useVolumes()
  const overlay = useOverlay((state) => overlayOf(state, tomogram))
  const maps = order.map((id) => volumes[id]).filter((v) => tomogramOf(v) === tomogram)
  const choices = maps.filter((v) => !isGrey(v))
  if (choices.length === 0) return null
  const volume = choices.find(({ id }) => id === overlay.volumeId) ?? null
  const edit = (change: Partial<Overlay>): void => editOverlay(tomogram, change)
  const choose = (value: string): void => {
    const runId = value.startsWith(probabilityOf) ? value.slice(probabilityOf.length) : null
    const family = runId === null ? null : familyOf(maps, runId)
    if (runId !== null && family) showProbability(runId, firstThreshold(family.mean), 'gaussian')
    else edit({ volumeId: value || null, visible: true, low: null, high: null, threshold: null, contours: [] })
  }
  return (
    <Section
      title="Overlay"
      aside={
        <label className="check" {...commandTip('Overlay on or off', 'overlay')}>
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
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">none</option>
          {choices.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {layerTitle(choice)}
            </option>
          ))}
          {withoutProbability(maps).map((mean) => (
            <option key={mean.id} value={`${probabilityOf}${mean.runId}`}>
              {layerTitle(mean).replace(/^posterior mean/, 'P(x > t) …')}
            </option>
          ))}
        </select>
      </div>
      {volume && <ProbabilityFields volume={volume} />}
      {volume && <Drawing volume={volume} overlay={overlay} edit={edit} />}
    </Section>
  )
}

/** The means of families that no P(x > t) was made of yet. */
function withoutProbability(maps: readonly OpenVolume[]): OpenVolume[] {
  const made = new Set(maps.filter(({ derived }) => derived?.kind === 'probability').map(({ runId }) => runId))
  return maps.filter(
    ({ role, runId }) => role === 'mean' && runId !== null && !made.has(runId) && familyOf(maps, runId)
  )
}

interface DrawingProps {
  volume: OpenVolume
  overlay: Overlay
  edit(change: Partial<Overlay>): void
}

function Drawing({ volume, overlay, edit }: DrawingProps) {
  const lookedAt = useLookedAt()
  const range = overlayRange(overlay, volume, lookedAt && lookedAt.display.high - lookedAt.display.low)
  const suppressing = overlay.style === 'value-suppressing'
  return (
    <>
      <div className="segments" role="group" aria-label="How the overlay is drawn">
        <button
          type="button"
          className="button"
          aria-pressed={!suppressing}
          onClick={() => edit({ style: 'colours' })}
          {...tip('The map’s colours over the grey values')}
        >
          Over grey values
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={suppressing}
          onClick={() => edit({ style: 'value-suppressing' })}
          {...tip(
            'Value-suppressing palette: the grey value in colours that merge and fade where the map is high, so that what is uncertain can’t be mistaken for a difference (Correll, Moritz and Heer 2018).'
          )}
        >
          Mute uncertain values
        </button>
      </div>
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
        {!suppressing && (
          <select
            className="grow"
            aria-label="Colour map of the overlay"
            value={overlay.colourMap}
            onChange={(event) => edit({ colourMap: colourMapSchema.parse(event.target.value) })}
          >
            {colourMapSchema.options.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </div>
      {suppressing ? (
        <PaletteFields volume={volume} overlay={overlay} edit={edit} />
      ) : (
        <Opacity overlay={overlay} edit={edit} />
      )}
      <ContourField levels={overlay.contours} range={range} onChange={(contours) => edit({ contours })} />
    </>
  )
}

function Opacity({ overlay, edit }: Omit<DrawingProps, 'volume'>) {
  return (
    <>
      <div className="row">
        <label className="slider-field" {...tip('Opacity at the top of the range; 0 leaves the contour lines alone')}>
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
  )
}
