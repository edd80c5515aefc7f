import type { FigurePanel } from '../../shared/figure.ts'
import { intersection } from '../geometry/fieldOfView.ts'
import { paneName } from '../panes/paneName.ts'
import { sharesPlane, useLayout, type Pane } from '../stores/layout.ts'
import { curvesPanel, distributionPanel, spectrumPanel } from './plotPanels.ts'
import { fieldOfPane, slicePanel, type PaneFigure } from './slicePanel.ts'
import { volumePanel } from './volumePanel.ts'

type Background = 'white' | 'black'

/** What a pane shows as a figure's panel; null where it shows nothing that a figure can. */
export function panelOfPane(pane: Pane, background: Background): PaneFigure<FigurePanel> | null {
  switch (pane.kind) {
    case 'slice':
      return slicePanel(pane, fieldOfPane(pane))
    case 'volume':
      return plain(volumePanel(pane.id, background))
    case 'spectrum':
      return plain(spectrumPanel(pane))
    case 'curves':
      return plain(curvesPanel(pane))
    default:
      return null
  }
}

/** All that the panes show, slices first. Those of a comparison show what is common to them. */
export function panelsOfPanes(background: Background): PaneFigure<FigurePanel>[] {
  const { panes, preset } = useLayout.getState()
  const slices = panes.filter((pane) => pane.kind === 'slice')
  const others = panes.filter((pane) => pane.kind !== 'slice')
  const fields = slices.map(fieldOfPane)
  const common = intersection(fields)
  return [
    ...slices.map((pane, i) => slicePanel(pane, sharesPlane(preset) ? common : fields[i])),
    ...others.map((pane) => panelOfPane(pane, background))
  ].filter((panel) => panel !== null)
}

/** Columns that suit what the panes show: all of a comparison beside each other. */
export function columnsForPanes(panels: number): number {
  return Math.max(1, useLayout.getState().preset === 'compare' ? panels : Math.min(panels, 3))
}

/** What can be added to a figure now, by name. */
export function offeredPanels(): {
  id: string
  name: string
  make(background: Background): PaneFigure<FigurePanel> | null
}[] {
  const { panes } = useLayout.getState()
  const offered = panes
    .filter(({ kind }) => kind !== 'position' && kind !== 'awaiting')
    .map((pane, i) => ({
      id: pane.id,
      name: `Pane ${i + 1}: ${paneName(pane)}`,
      make: (background: Background) => panelOfPane(pane, background)
    }))
  if (distributionPanel())
    offered.push({ id: 'distribution', name: 'Members at the crosshair', make: () => plain(distributionPanel()) })
  return offered
}

function plain(panel: FigurePanel | null): PaneFigure<FigurePanel> | null {
  return panel && { panel, volumes: {} }
}
