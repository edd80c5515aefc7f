import { contrastKey, putDisplay, useContrast, type Display } from '../stores/contrast.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { isGrey } from '../stores/volumes.ts'
import type { Contrast, OpenVolume } from '../../shared/volumes.ts'
import { paneModel, type PaneModel } from '../slices/paneModel.ts'

let following = false

/**
 * Lets the contrast of other tomograms follow, in panes of one link group that shares contrast. Grey values of two tomograms have no common
 * unit: what is passed on are black and white in shares of each tomogram's own limits. Returns a function that stops it.
 */
export function followContrasts(): () => void {
  return useContrast.subscribe((state, before) => {
    if (following || state.displays === before.displays) return
    following = true
    try {
      const models = linkedModels()
      const leader = models.find((model) => displayAt(state, model) !== displayAt(before, model))
      const display = leader && displayAt(state, leader)
      if (leader && display)
        for (const other of models)
          if (other.pane.link === leader.pane.link && other.tomogram.id !== leader.tomogram.id)
            putDisplay(keyOf(other), carriedOver(display, leader.tomogram, other.tomogram))
    } finally {
      following = false
    }
  })
}

/** Panes with grey volumes in link groups that share contrast. */
function linkedModels(): PaneModel[] {
  const { groups } = useLinks.getState()
  return useLayout
    .getState()
    .panes.map(({ id }) => paneModel(id))
    .filter((model) => model !== null)
    .filter(({ base, pane }) => isGrey(base) && pane.link !== null && groups[pane.link].contrast)
}

function keyOf({ base, contrastScope }: PaneModel): string {
  return contrastKey(base, useContrast.getState().linked, contrastScope)
}

function displayAt({ displays }: ReturnType<typeof useContrast.getState>, model: PaneModel): Display | undefined {
  return displays[keyOf(model)]
}

/** A display for another tomogram: black and white as far from its own automatic limits as they are from those of the first. */
export function carriedOver(
  display: Display,
  from: Pick<OpenVolume, 'contrast'>,
  to: Pick<OpenVolume, 'contrast'>
): Display {
  if (display.auto) return { ...display, ...to.contrast }
  const window = ({ low, high }: Contrast): number => high - low || 1
  const there = (value: number): number =>
    to.contrast.low + ((value - from.contrast.low) / window(from.contrast)) * window(to.contrast)
  return { ...display, low: there(display.low), high: there(display.high) }
}
