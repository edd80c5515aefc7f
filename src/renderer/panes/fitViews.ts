import { useEffect } from 'react'
import { axesOfPane, fitScale } from '../geometry/paneTransform.ts'
import { paneModel } from '../slices/paneModel.ts'
import { useLayout } from '../stores/layout.ts'
import { usePanes } from '../stores/panes.ts'
import { applyFit, useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'

/** While a view is fitted, its scale follows the panes' sizes: one scale for all panes of a link group, so they stay aligned. */
export function useFittedViews(): void {
  const sizes = usePanes((state) => state.sizes)
  const panes = useLayout((state) => state.panes)
  const views = useView((state) => state.views)
  const volumes = useVolumes()

  useEffect(() => {
    const models = panes.map(({ id }) => paneModel(id)).filter((model) => model !== null)
    for (const group of new Set(models.map((model) => model.group))) {
      const { fit, aspect, scale, centre } = views[group]
      if (!fit) continue
      const shown = models
        .filter((model) => model.group === group && sizes[model.pane.id])
        .map(({ pane }) => ({ axes: axesOfPane(pane.plane, pane.transposed), ...sizes[pane.id] }))
      if (shown.length === 0) continue
      const fitted = fitScale(fit, aspect, shown)
      const middle = (fit.x[0] + fit.x[1]) / 2
      const same = Math.abs(fitted - scale) < 1e-9 && centre.x === middle && centre.y === (fit.y[0] + fit.y[1]) / 2
      if (!same || centre.z !== (fit.z[0] + fit.z[1]) / 2) applyFit(group, fitted)
    }
  }, [sizes, panes, views, volumes])
}
