import type { Command } from './command.ts'
import { toggleBeamGlyph } from '../directions/beamGlyphStore.ts'
import { showBeside } from '../directions/showDirections.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { toggleTheme } from '../stores/theme.ts'
import { useView } from '../stores/view.ts'
import { withModel } from './activeModel.ts'

export const showCommands: readonly Command[] = [
  {
    id: 'overlay',
    group: 'Show',
    title: 'Overlay on or off',
    keys: ['O'],
    run: withModel(({ tomogram: { id } }) =>
      editOverlay(id, { visible: !overlayOf(useOverlay.getState(), id).visible })
    )
  },
  {
    id: 'crosshair',
    group: 'Show',
    title: 'Crosshair on or off',
    keys: ['C'],
    run: () => useView.setState(({ showCrosshair }) => ({ showCrosshair: !showCrosshair }))
  },
  {
    id: 'scale-bar',
    group: 'Show',
    title: 'Scale bar on or off',
    keys: ['B'],
    run: () => useView.setState(({ showScaleBar }) => ({ showScaleBar: !showScaleBar }))
  },
  {
    id: 'smooth',
    group: 'Show',
    title: 'Blend between voxels',
    keys: ['S'],
    run: () => useView.setState(({ smooth }) => ({ smooth: !smooth }))
  },
  {
    id: 'beam-glyph',
    group: 'Show',
    title: 'Unmeasured directions on slices',
    keys: ['G'],
    run: toggleBeamGlyph
  },
  {
    id: 'show-spectrum',
    group: 'Show',
    title: 'Power spectrum beside',
    keys: ['Shift+S'],
    run: () => showBeside('spectrum')
  },
  {
    id: 'show-curves',
    group: 'Show',
    title: 'Power by direction beside',
    keys: ['Shift+D'],
    run: () => showBeside('curves')
  },
  { id: 'theme', group: 'Show', title: 'Dark or light theme', keys: ['T'], run: toggleTheme }
]
