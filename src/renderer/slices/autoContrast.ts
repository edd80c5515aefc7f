import type { Box } from '../../shared/axes.ts'
import { failureOf } from '../api/failures.ts'
import { LatestRequest } from '../api/latest.ts'
import { getContrast } from '../api/contrast.ts'
import { isExact, type Slice } from '../api/sliceCache.ts'
import { robustContrast } from '../numbers/percentile.ts'
import { asPerson } from '../history/acting.ts'
import { editDisplay } from '../stores/contrast.ts'
import { filtersQueryOf, useFilters } from '../stores/filters.ts'
import { sayFailure } from '../stores/messages.ts'
import { useRegion } from '../stores/region.ts'
import { layerName, useSlices } from '../stores/slices.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { activePaneModel, sliceIndex, type PaneModel } from './paneModel.ts'
import { sliceCache } from './sliceLayers.ts'

interface Asked {
  model: PaneModel
  limits(signal: AbortSignal): Promise<{ low: number; high: number } | null>
}

/** Black and white are set by the last thing asked for, however long the one before it takes. */
const latest = new LatestRequest<Asked, { low: number; high: number } | null>(
  ({ limits }, signal) => limits(signal),
  (limits, { model: { base, tomogram, contrastScope } }) => {
    // The engine's answer, but a person's wish.
    if (limits) asPerson(() => editDisplay(base, tomogram, { low: limits.low, high: limits.high }, contrastScope))
  },
  (error) => sayFailure(failureOf(error))
)

/** The part of a volume that a region of its tomogram covers, in the volume's own voxels; all of it where they don't meet. */
export function ownBox(region: Box, volume: OpenVolume): Box | null {
  const own = volume.region?.box
  const { size } = volume.info
  const range = (axis: 'x' | 'y' | 'z'): [number, number] => {
    const from = own?.[axis][0] ?? 0
    return [Math.max(0, region[axis][0] - from), Math.min(size[axis], region[axis][1] - from)]
  }
  const box = { x: range('x'), y: range('y'), z: range('z') }
  return Object.values(box).every(([from, to]) => to > from) ? box : null
}

/** 0.5 and 99.5 percentiles of the file's voxels in the region of interest become black and white in the active pane. */
export function contrastOfRegion(): void {
  const model = activePaneModel()
  const region = model && useRegion.getState().boxes[model.tomogram.id]
  if (!model || !region) return
  const box = ownBox(region, model.base)
  latest.request({ model, limits: (signal) => getContrast(model.base.id, box, signal) })
}

/** The same of the slice in the active pane, as it is drawn: through a slab or a filter it has a range of its own. */
export function contrastOfSlice(): void {
  const model = activePaneModel()
  if (!model) return
  latest.request({
    model,
    limits: async () => {
      const slice = await exactSlice(model)
      return slice && robustContrast(slice.values)
    }
  })
}

/** The exact slice that the pane shows, or is about to. */
async function exactSlice({ pane, base, view, tomogram }: PaneModel): Promise<Slice | null> {
  const index = sliceIndex(base, view, pane.plane)
  if (index === null) return null
  const filters = filtersQueryOf(useFilters.getState(), tomogram.id)
  const shown = useSlices.getState().layers[layerName(pane.id, 'base')]?.slice
  const isOfIt = shown?.volumeId === base.id && shown.plane === pane.plane && shown.index === index
  if (isOfIt && shown.filters === filters && isExact(shown)) return shown
  return sliceCache.get({ volumeId: base.id, revision: base.revision, plane: pane.plane, index, filters })
}

export function hasRegion(): boolean {
  const model = activePaneModel()
  return model !== null && Boolean(useRegion.getState().boxes[model.tomogram.id])
}
