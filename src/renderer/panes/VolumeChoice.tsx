import { methodIds, methodIdSchema, methods } from '../../shared/methods.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { editPane, setVolume } from '../stores/layout.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { layerTitle } from './layerTitle.ts'

const methodValue = 'method:'

/** What a pane shows: any open volume, of any tomogram, what a method made of the region, or what the list shows. */
export function VolumeChoice({ pane, base }: { pane: PaneOf<'slice'>; base: OpenVolume | null }) {
  const { volumes, order } = useVolumes()
  const tomograms = order.map((id) => volumes[id]).filter(({ region }) => region === null)
  const mapsOf = (tomogram: OpenVolume): OpenVolume[] =>
    order.map((id) => volumes[id]).filter((volume) => tomogramOf(volume) === tomogram.id)
  const value = pane.method !== null ? methodValue + pane.method : (pane.volumeId ?? '')
  const choose = (chosen: string): void => {
    if (!chosen.startsWith(methodValue)) return setVolume(pane.id, chosen === '' ? null : chosen)
    const method = methodIdSchema.parse(chosen.slice(methodValue.length))
    editPane('slice', pane.id, { method, volumeId: null })
  }
  return (
    <select
      className="compact pane-choice"
      aria-label="Volume"
      value={value}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="">
        {pane.volumeId === null && pane.method === null && base ? layerTitle(base) : 'As in the list'}
      </option>
      {tomograms.map((tomogram) => (
        <optgroup key={tomogram.id} label={tomogram.name}>
          {mapsOf(tomogram).map((volume) => (
            <option key={volume.id} value={volume.id}>
              {layerTitle(volume)}
            </option>
          ))}
        </optgroup>
      ))}
      <optgroup label="Latest of this region">
        {methodIds.map((method) => (
          <option key={method} value={methodValue + method}>
            {methods[method].name}
          </option>
        ))}
      </optgroup>
    </select>
  )
}
