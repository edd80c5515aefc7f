import type { FigurePanel, FigureSpec } from '../../shared/figure.ts'
import { saveResponse } from '../files/saveFile.ts'
import { activePane, useLayout, type Pane } from '../stores/layout.ts'
import { specOf, useFigure } from './figureStore.ts'
import { curvesPanel, spectrumPanel } from './plotPanels.ts'

/** The pane whose numbers are meant: the active one, or else the first of curves, or of a spectrum. */
export function plottedPane(): Pane | null {
  const state = useLayout.getState()
  const isPlot = (pane: Pane | undefined): boolean => pane?.kind === 'curves' || pane?.kind === 'spectrum'
  const active = activePane(state)
  const ofKind = (kind: Pane['kind']): Pane | undefined => state.panes.find((pane) => pane.kind === kind)
  return (isPlot(active) ? active : (ofKind('curves') ?? ofKind('spectrum'))) ?? null
}

/** Saves the numbers behind a pane of curves or of a spectrum as CSV, measured as a figure of it would be. */
export function savePlotAsCsv(pane: Pane | null): void {
  const panel: FigurePanel | null =
    pane?.kind === 'curves' ? curvesPanel(pane) : pane?.kind === 'spectrum' ? spectrumPanel(pane) : null
  if (!panel) return
  const spec: FigureSpec = { ...specOf({ page: useFigure.getState().page, entries: [], volumes: {} }), panels: [panel] }
  void saveResponse('/api/figures?format=csv', spec, `${panel.kind}.csv`)
}
