import { useHistory } from '../history/windowHistory.ts'
import { formatValue, positionNm } from '../numbers/format.ts'
import { paneModel } from '../slices/paneModel.ts'
import { activePane, useLayout } from '../stores/layout.ts'
import { usePanes } from '../stores/panes.ts'
import { layerName, useSlices } from '../stores/slices.ts'
import { useJobs } from '../stores/jobs.ts'
import { useSession } from '../stores/session.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { valueInSlice } from './valueInSlice.ts'

/** Below everything: the value under the pointer (or the crosshair), where it is, and the zoom. */
export function StatusBar() {
  const hover = usePanes((state) => state.hover)
  const paneId = useLayout((state) => hover?.paneId ?? activePane(state)?.id ?? '')
  useView((state) => state.views)
  useVolumes((state) => state.volumes)
  const layers = useSlices((state) => state.layers)
  const connected = useJobs((state) => state.connected)
  const device = useSession((state) => state.info?.device)
  const said = useHistory((state) => state.said)
  const model = paneModel(paneId)
  if (!model) return <footer className="status-bar" aria-label="Read-out" />
  const { view, base, overlay } = model
  const voxel = hover?.paneId === paneId ? hover.voxel : view.cursor
  const nm = view.voxelSizeAngstrom && positionNm(voxel, view.voxelSizeAngstrom)
  const slice = layers[layerName(paneId, 'base')]?.slice ?? null
  const value = valueInSlice(slice, base, voxel)
  const over = overlay && valueInSlice(layers[layerName(paneId, 'overlay')]?.slice ?? null, overlay.volume, voxel)
  return (
    <footer className="status-bar" aria-label="Read-out">
      <span className="readout" data-readout="value" data-exact={value ?? ''}>
        <span className="readout-name">{slice?.filters ? 'filtered value' : 'value'}</span>{' '}
        {value === null ? '–' : formatValue(value)}
      </span>
      {overlay && (
        <span className="readout" data-readout="overlay" data-exact={over ?? ''}>
          <span className="readout-name">{overlay.volume.quantity}</span> {over === null ? '–' : formatValue(over)}
        </span>
      )}
      <span className="readout" data-readout="voxel">
        <span className="readout-name">voxel</span> x {voxel.x} y {voxel.y} z {voxel.z}
      </span>
      {nm && (
        <span className="readout" data-readout="nm">
          {nm.x.toFixed(2)}, {nm.y.toFixed(2)}, {nm.z.toFixed(2)} nm
        </span>
      )}
      <span className="top-spring" />
      <span className="history-live" role="status">
        {said && (
          <span key={said.id} className="history-said">
            {said.text}
          </span>
        )}
      </span>
      {!connected && <span className="readout-lost">connection to the engine lost, retrying</span>}
      <span className="readout">zoom {(view.scale * 100).toFixed(0)} %</span>
      {device && <span className="readout">{device}</span>}
    </footer>
  )
}
