import { useFamilyBench } from '../family/familyStore.ts'
import { useFlicker } from '../stores/comparison.ts'
import { useContrast } from '../stores/contrast.ts'
import { useFilters } from '../stores/filters.ts'
import { useOverlay } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { useTheme } from '../stores/theme.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useWedge } from '../stores/wedge.ts'

/**
 * What decides, beside a pane's own model, how it is drawn. A pane is drawn by the present state; a movie by the state of the moment at which it was
 * ordered, so that the window can be used while it is made. Stores never change what they gave out: keeping it costs nothing.
 */
export function drawnState() {
  const { showsOther } = useFlicker.getState()
  return {
    contrast: useContrast.getState(),
    overlays: useOverlay.getState(),
    filters: useFilters.getState(),
    regions: useRegion.getState().boxes,
    wedges: useWedge.getState().wedges,
    volumes: useVolumes.getState(),
    preview: useFamilyBench.getState().preview,
    smooth: useView.getState().smooth,
    theme: useTheme.getState().theme,
    showsOther
  }
}

export type DrawnState = ReturnType<typeof drawnState>
