import { planeAxes } from '../../shared/axes.ts'
import type { CurvesPanel, DistributionPanel, SpectrumPanel } from '../../shared/figure.ts'
import type { PowerSource } from '../../shared/figure-plots.ts'
import { planeAcross } from '../../shared/wedge-plane.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { curvesChoice, useCurvesChoice } from '../directions/curvesChoice.ts'
import { spectrumChoice, useSpectrumChoice } from '../directions/spectrumChoice.ts'
import { chosenFamily, currentFamily, familiesOf, type Family } from '../family/families.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { useJobs } from '../stores/jobs.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { currentBase, currentTomogram, isGrey, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { useWedge } from '../stores/wedge.ts'

function deviationsOf({ mean, members, job }: Family): PowerSource {
  return { of: 'deviations', mean: mean.id, members: members.map(({ id }) => id), tiles: job.run?.tiles ?? 1 }
}

/** A pane of spectra as a figure's panel; null while it shows nothing. */
export function spectrumPanel(pane: PaneOf<'spectrum'>): SpectrumPanel | null {
  const state = useVolumes.getState()
  const { volumes } = state
  const own = pane.volumeId === null ? undefined : volumes[pane.volumeId]
  const tomogram = (own && volumes[tomogramOf(own)]) ?? currentTomogram(state)
  if (!tomogram) return null
  const choice = spectrumChoice(useSpectrumChoice.getState(), pane.id)
  const assumed = useWedge.getState().wedges[tomogram.id]
  const source = choice.source ?? pane.volumeId ?? tomogram.id
  const family = familiesOf(tomogram.id, volumes, useJobs.getState().jobs).find(
    ({ runId, members }) => source === `deviations:${runId}` && members.length > 0
  )
  const chosen = volumes[source]
  const volume = chosen && isGrey(chosen) && tomogramOf(chosen) === tomogram.id ? chosen : tomogram
  const plane = choice.plane ?? (assumed ? planeAcross(assumed.wedge.tiltAxis) : 'xz')
  const report = assumed?.report
  const { column, row } = planeAxes[plane]
  return {
    kind: 'spectrum',
    title: `Log power, ${family ? 'members − mean' : layerTitle(volume)}, k${column} k${row}`,
    source: family ? deviationsOf(family) : { of: 'volume', volume: volume.id, box: null },
    plane,
    wedge: assumed?.wedge ?? null,
    estimate: report && report.wedge.tiltAxis === assumed.wedge.tiltAxis ? (report.estimate ?? null) : null
  }
}

/** A pane of curves as a figure's panel; null while it shows nothing. */
export function curvesPanel(pane: PaneOf<'curves'>): CurvesPanel | null {
  const state = useVolumes.getState()
  const tomogram = currentTomogram(state)
  const assumed = tomogram && useWedge.getState().wedges[tomogram.id]
  if (!tomogram || !assumed) return null
  const families = familiesOf(tomogram.id, state.volumes, useJobs.getState().jobs)
  const chosen = curvesChoice(useCurvesChoice.getState(), pane.id)
  const family =
    families.find(({ runId }) => runId === chosen) ?? chosenFamily(tomogram.id, currentBase(state), families)
  const curves: CurvesPanel['curves'] = [
    {
      name: 'raw',
      label: family ? 'tomogram, same region' : 'tomogram',
      source: { of: 'volume', volume: tomogram.id, box: family?.box ?? null }
    }
  ]
  if (family)
    curves.push({
      name: 'mean',
      label: 'posterior mean',
      source: { of: 'volume', volume: family.mean.id, box: null }
    })
  if (family && family.members.length > 0)
    curves.push({
      name: 'deviations',
      label: `variance, ${family.members.length} members`,
      source: deviationsOf(family)
    })
  return { kind: 'curves', title: 'Power by direction', wedge: assumed.wedge, curves, heightOverWidth: 0.62 }
}

/** What the family looked at says about the voxel at the crosshair; null where there is none. */
export function distributionPanel(): DistributionPanel | null {
  const family = currentFamily()
  const view = activePaneModel()?.view
  if (!family || !view) return null
  const { x, y, z } = view.cursor
  const { box } = family
  const voxel = { x: x - box.x[0], y: y - box.y[0], z: z - box.z[0] }
  const { size } = family.mean.info
  const within = (['x', 'y', 'z'] as const).every((axis) => voxel[axis] >= 0 && voxel[axis] < size[axis])
  if (!within) return null
  const tomogram = tomogramOf(family.mean)
  const map = pointEstimate(tomogram, view.cursor)
  return {
    kind: 'distribution',
    title: `Members at ${x}, ${y}, ${z}`,
    voxel,
    members: family.members.map(({ id }) => id),
    mean: family.mean.id,
    std: family.std?.id ?? null,
    map,
    raw: { volume: tomogram, voxel: { x, y, z } },
    quantity: 'grey value'
  }
}

/** The latest MAP of the tomogram that covers a voxel. */
function pointEstimate(tomogram: string, at: { x: number; y: number; z: number }): DistributionPanel['map'] {
  const { jobs } = useJobs.getState()
  const { volumes, order } = useVolumes.getState()
  const isMap = (volume: OpenVolume): boolean =>
    volume.role === 'map' &&
    tomogramOf(volume) === tomogram &&
    Object.values(jobs).some(
      ({ runId, id, request }) => volume.runId === (runId ?? id) && request.method === 'cryogen-1'
    )
  const covers = ({ region }: OpenVolume): boolean =>
    (['x', 'y', 'z'] as const).every(
      (axis) => region !== null && at[axis] >= region.box[axis][0] && at[axis] < region.box[axis][1]
    )
  const id = [...order].reverse().find((key) => isMap(volumes[key]) && covers(volumes[key]))
  const box = id === undefined ? undefined : volumes[id].region?.box
  if (id === undefined || !box) return null
  return { volume: id, voxel: { x: at.x - box.x[0], y: at.y - box.y[0], z: at.z - box.z[0] } }
}
