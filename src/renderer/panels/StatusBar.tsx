import type { Plane } from '../../shared/axes.ts'
import { tip } from '../controls/tip.ts'
import { useHistory } from '../history/windowHistory.ts'
import { formatPercent, formatValue, positionNm } from '../numbers/format.ts'
import { MovieProgress } from '../movie/MovieProgress.tsx'
import { activePaneModel, paneModel, type PaneModel } from '../slices/paneModel.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { useOverlay } from '../stores/overlay.ts'
import { usePanes } from '../stores/panes.ts'
import { layerName, useSlices } from '../stores/slices.ts'
import { useJobs } from '../stores/jobs.ts'
import { useSession } from '../stores/session.ts'
import { useParts } from '../uncertainty/parts.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { Reading } from './Reading.tsx'
import { valueInSlice } from './valueInSlice.ts'
import { runMapsOf, useVoxelReading } from './voxelMaps.ts'

const nowhere = { x: 0, y: 0, z: 0 }

/** What is pointed at: the pane under the pointer, else the active one. */
function usePointedAt(): PaneModel | null {
  const paneId = usePanes((state) => state.hover?.paneId)
  useLayout()
  useLinks()
  useView((state) => state.views)
  useVolumes((state) => state.volumes)
  useOverlay()
  useParts()
  return paneId === undefined ? activePaneModel() : paneModel(paneId)
}

/** What the value of a slice asked for with these filters is. */
function valueName(filters: string | undefined): string {
  if (!filters) return 'value'
  return filters.includes('gamma=') ? 'predicted value' : 'filtered value'
}

/** Below everything: the value under the pointer (or the crosshair), how sure it is, where it is, and the zoom. */
export function StatusBar() {
  const model = usePointedAt()
  const hover = usePanes((state) => state.hover)
  const layers = useSlices((state) => state.layers)
  const connected = useJobs((state) => state.connected)
  const device = useSession((state) => state.info?.device)
  const said = useHistory((state) => state.said)
  const { volumes, order } = useVolumes()
  const maps =
    model &&
    runMapsOf(
      model,
      order.map((id) => volumes[id])
    )
  const voxel = model && hover?.paneId === model.pane.id ? hover.voxel : (model?.view.cursor ?? nowhere)
  const plane: Plane = model?.pane.plane ?? 'xy'
  const reading = useVoxelReading(maps, plane, voxel)
  if (!model)
    return (
      <footer className="status-bar" aria-label="Read-out">
        <MovieProgress />
      </footer>
    )
  const { view, base, overlay, pane } = model
  const nm = view.voxelSizeAngstrom && positionNm(voxel, view.voxelSizeAngstrom)
  const slice = layers[layerName(pane.id, 'base')]?.slice ?? null
  const value = valueInSlice(slice, base, voxel)
  const drawn = overlay && [maps?.std.id, maps?.wedgeShare?.id].includes(overlay.volume.id) ? null : overlay
  const over = drawn && valueInSlice(layers[layerName(pane.id, 'overlay')]?.slice ?? null, drawn.volume, voxel)
  return (
    <footer className="status-bar" aria-label="Read-out">
      <Reading name="value" label={valueName(slice?.filters)} value={value} format={formatValue} />
      {drawn && <Reading name="overlay" label={drawn.volume.quantity} value={over} format={formatValue} />}
      {reading && maps && (
        <>
          <Reading
            name="sd"
            label="SD"
            value={reading.std}
            format={formatValue}
            {...tip('Posterior standard deviation of this voxel, in grey values of the tomogram')}
          />
          <Reading
            name="snr"
            label="SNR"
            value={reading.snr}
            format={(snr) => snr.toFixed(snr < 10 ? 2 : 1)}
            {...tip(
              'SNR = |mean − background| / SD. Mean and SD: of the posterior at this voxel. Background: median grey value of the tomogram.'
            )}
          />
          {maps.wedgeShare && (
            <Reading
              name="wedge-share"
              label="wedge share"
              value={reading.wedgeShare}
              format={formatPercent}
              {...tip('Part of the variance of this voxel that lies in the missing wedge')}
            />
          )}
        </>
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
      <MovieProgress />
    </footer>
  )
}
