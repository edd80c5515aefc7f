import { planeAxes } from '../../shared/axes.ts'
import type { Camera } from '../../shared/camera.ts'
import type { MotionKind } from '../../shared/movie.ts'
import { chosenFamily, familiesOf, type Family } from '../family/families.ts'
import { previewQueryOf } from '../family/familyStore.ts'
import { drawnState, type DrawnState } from '../slices/drawnState.ts'
import { paneModel, type PaneModel } from '../slices/paneModel.ts'
import { useJobs } from '../stores/jobs.ts'
import { activePane, useLayout } from '../stores/layout.ts'
import { usePanes } from '../stores/panes.ts'
import { useShownBlocks } from '../stores/shownBlocks.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useVolumeView } from '../stores/volumeView.ts'
import type { LoadedBlock } from '../volume3d/loadBlock.ts'
import { volumeModel, type VolumeModel } from '../volume3d/volumeModel.ts'
import type { MotionSubject } from './framePlan.ts'
import type { Size } from './pictureScale.ts'

interface Subject extends MotionSubject {
  paneId: string
  /** Of the pane's picture, in CSS pixels. */
  size: Size
  family: Family | null
  /** Of the moment at which the movie was asked for. */
  state: DrawnState
  /** What can move here. */
  motions: readonly MotionKind[]
}

/** What a movie is of: the picture of a pane, as it is when asked. */
export type MovieSubject =
  | (Subject & { kind: 'slice'; model: PaneModel })
  | (Subject & { kind: 'volume'; model: VolumeModel; block: LoadedBlock; camera: Camera })

/** Of the active pane, or of the first that shows slices or 3-D; null where there is none, or nothing in it yet. */
export function movieSubject(): MovieSubject | null {
  const layout = useLayout.getState()
  const active = activePane(layout)
  const panes = active ? [active, ...layout.panes] : layout.panes
  for (const pane of panes) {
    if (pane.kind === 'slice') return sliceSubject(pane.id)
    if (pane.kind === 'volume') return volumeSubject(pane.id)
  }
  return null
}

function sliceSubject(paneId: string): MovieSubject | null {
  const model = paneModel(paneId)
  const size = usePanes.getState().sizes[paneId]
  if (!model || !size || size.width < 1 || size.height < 1) return null
  const family = familyOf(model.tomogram.id, model.base)
  const memberCount = family?.members.length ?? 0
  const motions: MotionKind[] = []
  if (model.view.size[planeAxes[model.pane.plane].normal] > 1) motions.push('slices')
  if (memberCount > 1) motions.push('members')
  if (family && changesWithTemperature(model, family)) motions.push('temperature')
  const state = drawnState()
  const fixed = { ...model, fixed: state }
  return { kind: 'slice', paneId, model: fixed, size, family, state, memberCount, camera: null, views: {}, motions }
}

function volumeSubject(paneId: string): MovieSubject | null {
  const model = volumeModel(paneId)
  const size = usePanes.getState().sizes[paneId]
  const { cameras, saved } = useVolumeView.getState()
  const camera = cameras[paneId]
  const block = useShownBlocks.getState().blocks[paneId]
  if (!model || !size || size.width < 1 || size.height < 1 || !camera || !block) return null
  const family = familyOf(model.group, model.base)
  const memberCount = family?.members.length ?? 0
  const motions: MotionKind[] = ['turn']
  if (Object.keys(saved).length > 1) motions.push('path')
  if (memberCount > 1) motions.push('members')
  const state = drawnState()
  const fixed = { ...model, fixed: state }
  return {
    kind: 'volume',
    paneId,
    model: fixed,
    state,
    size,
    block,
    camera,
    views: saved,
    family,
    memberCount,
    motions
  }
}

function familyOf(tomogram: string, base: PaneModel['base']): Family | null {
  return chosenFamily(tomogram, base, familiesOf(tomogram, useVolumes.getState().volumes, useJobs.getState().jobs))
}

/** Whether the pane shows a map that another temperature changes. */
function changesWithTemperature({ base, overlay }: PaneModel, { runId }: Family): boolean {
  const preview = { preview: { [runId]: 1 } }
  return previewQueryOf(preview, base) !== '' || previewQueryOf(preview, overlay?.volume) !== ''
}
