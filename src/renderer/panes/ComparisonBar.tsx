import { commandTip } from '../commands/commandTip.ts'
import { Icon } from '../controls/Icon.tsx'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { compareModes, flickerRates, useFlicker } from '../stores/comparison.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { ComparedValues } from './ComparedValues.tsx'
import { editComparison, endComparison, showInFlicker, swapCompared } from './compare.ts'
import { layerTitle } from './layerTitle.ts'

/** Below the header of a pane that compares: with what, in which way. */
export function ComparisonBar({ pane, model }: { pane: PaneOf<'slice'>; model: PaneModel | null }) {
  const { comparison } = pane
  if (!comparison) return null
  const noSpread = model?.comparison?.spread === null
  return (
    <div className="compare-bar" role="group" aria-label="Comparison">
      <span className="compare-with">A with B</span>
      <OtherChoice pane={pane} />
      <button
        type="button"
        className="icon-button"
        aria-label="Swap A and B"
        onClick={() => swapCompared(pane.id)}
        {...commandTip('Swap A and B', 'compare-swap')}
      >
        <Icon name="swap" />
      </button>
      <select
        className="compact compare-modes"
        aria-label="Way of comparing"
        value={comparison.mode}
        onChange={({ target }) => {
          const chosen = compareModes.find(({ mode }) => mode === target.value)
          if (chosen) editComparison(pane.id, { mode: chosen.mode })
        }}
      >
        {compareModes.map(({ mode, name }) => (
          <option key={mode} value={mode} disabled={mode === 'deviation' && noSpread}>
            {name}
          </option>
        ))}
      </select>
      <div className="segments compare-modes" role="group" aria-label="Way of comparing">
        {compareModes.map(({ mode, name, explanation }) => {
          const impossible = mode === 'deviation' && noSpread
          return (
            <button
              key={mode}
              type="button"
              className="button"
              aria-pressed={comparison.mode === mode}
              disabled={impossible}
              onClick={() => editComparison(pane.id, { mode })}
              {...tip(impossible ? 'Neither A nor B comes from a run with an SD map' : explanation)}
            >
              {name}
            </button>
          )
        })}
      </div>
      <ModeSettings pane={pane} />
      <span className="pane-spring" />
      {model && <ComparedValues model={model} />}
      <button
        type="button"
        className="icon-button compare-end"
        aria-label="End the comparison"
        onClick={() => endComparison(pane.id)}
        {...commandTip('Show A alone', 'compare-here')}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}

/** Any open volume as B. */
function OtherChoice({ pane }: { pane: PaneOf<'slice'> }) {
  const { volumes, order } = useVolumes()
  const tomograms = order.map((id) => volumes[id]).filter(({ region }) => region === null)
  return (
    <select
      className="compact compare-other"
      aria-label="Compare with"
      value={pane.comparison?.volumeId ?? ''}
      onChange={({ target }) => editComparison(pane.id, { volumeId: target.value === '' ? null : target.value })}
    >
      <option value="">Choose B</option>
      {tomograms.map((tomogram) => (
        <optgroup key={tomogram.id} label={tomogram.name}>
          {order
            .map((id) => volumes[id])
            .filter((volume) => tomogramOf(volume) === tomogram.id)
            .map((volume) => (
              <option key={volume.id} value={volume.id}>
                {layerTitle(volume)}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  )
}

function ModeSettings({ pane }: { pane: PaneOf<'slice'> }) {
  const showsOther = useFlicker((state) => state.showsOther[pane.id] ?? false)
  const { comparison } = pane
  if (comparison?.mode === 'checkerboard')
    return (
      <NumberField
        label="Cell"
        labelled
        className="compare-number"
        unit="px"
        integer
        min={4}
        max={1000}
        value={comparison.cell}
        onCommit={(cell) => cell !== null && editComparison(pane.id, { cell })}
        tipAttributes={tip('Side of a field of the chessboard on screen')}
      />
    )
  if (comparison?.mode === 'flicker')
    return (
      <>
        <button
          type="button"
          className="icon-button"
          aria-pressed={comparison.playing}
          aria-label={comparison.playing ? 'Pause' : 'Play'}
          onClick={() => editComparison(pane.id, { playing: !comparison.playing })}
          {...commandTip(comparison.playing ? 'Pause' : 'Play', 'flicker-pause')}
        >
          <Icon name={comparison.playing ? 'stop' : 'play'} />
        </button>
        <div className="segments" role="group" aria-label="Shown now">
          {(['A', 'B'] as const).map((which) => (
            <button
              key={which}
              type="button"
              className="button"
              aria-pressed={showsOther === (which === 'B')}
              onClick={() => showInFlicker(pane.id, which === 'B')}
              {...commandTip(`Show ${which} and stop`, 'flicker-once')}
            >
              {which}
            </button>
          ))}
        </div>
        <NumberField
          label="Rate"
          labelled
          className="compare-number"
          unit="/s"
          {...flickerRates}
          value={comparison.rate}
          onCommit={(rate) => rate !== null && editComparison(pane.id, { rate })}
          tipAttributes={tip('Switches a second')}
        />
      </>
    )
  return null
}
