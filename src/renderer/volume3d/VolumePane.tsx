import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { Box } from '../../shared/axes.ts'
import type { Failure } from '../../shared/errors.ts'
import { wholeBox } from '../../shared/axes.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { PaneFrame } from '../panes/PaneFrame.tsx'
import { useContrast } from '../stores/contrast.ts'
import { NothingShown } from '../session/NothingShown.tsx'
import { activatePane, useLayout } from '../stores/layout.ts'
import { overlayOf, useOverlay } from '../stores/overlay.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { usePanes } from '../stores/panes.ts'
import { useMeasuredPicture } from '../panes/measuredPicture.ts'
import { useRegion } from '../stores/region.ts'
import { sayFailure } from '../stores/messages.ts'
import { putDrawn, putGuide, putShownBlock } from '../stores/shownBlocks.ts'
import { useTheme } from '../stores/theme.ts'
import { useView, type View } from '../stores/view.ts'
import { isGrey, useVolumes } from '../stores/volumes.ts'
import { editLook, firstCamera, lookAtPane, setCamera, useVolumeView } from '../stores/volumeView.ts'
import { useWedge } from '../stores/wedge.ts'
import { backgroundOf, inkOn } from './background.ts'
import { fitted } from '../../shared/camera.ts'
import type { VolumeScene } from './marchingUniforms.ts'
import { automaticVoxels } from './blockLimits.ts'
import { averagedVoxels, isFullExact } from './detail.ts'
import { OrientationCube } from './OrientationCube.tsx'
import { RegionBox3d } from './RegionBox3d.tsx'
import { useBlock } from './useBlock.ts'
import { useCrossing } from './useCrossing.ts'
import { useMembersAhead } from './useMembersAhead.ts'
import { VolumeCanvas } from './VolumeCanvas.tsx'
import { VolumeScaleBar, WedgeGlyph3d } from './VolumeGlyphs.tsx'
import { volumeModel, voxelLimit, worldCorners, type VolumeModel } from './volumeModel.ts'
import { useVolumePointer } from './volumePointer.ts'

/** The stores that decide what a 3-D pane shows; read together by `volumeModel`. */
function useVolumeModel(paneId: string): VolumeModel | null {
  useVolumes()
  useView()
  useRegion()
  useContrast()
  useOverlay()
  useLayout((state) => state.panes)
  useVolumeView((state) => state.looks)
  return volumeModel(paneId)
}

/** A tomogram or a map in three dimensions. */
export function VolumePane({ pane }: { pane: PaneOf<'volume'> }) {
  const picture = useRef<HTMLDivElement>(null)
  const model = useVolumeModel(pane.id)
  const limit = model ? voxelLimit(model.base, model.look.detail) : automaticVoxels()
  const { block, loading, progress, failure } = useBlock(model?.base ?? null, model?.box ?? null, limit)
  const tint = useBlock(model?.tint ?? null, null, automaticVoxels())
  const { crossing, ...surface } = useCrossing(model, block)
  useMembersAhead(model, block)
  const size = usePanes((state) => state.sizes[pane.id])
  const camera = useVolumeView((state) => state.cameras[pane.id])
  const moving = useVolumeView((state) => state.moving === pane.id)
  const theme = useTheme((state) => state.theme)
  const wedge = useWedge((state) => (model ? (state.wedges[model.group]?.wedge ?? null) : null))
  const overlay = useOverlay((state) => overlayOf(state, model?.group ?? null))
  const pointer = useVolumePointer(pane.id, picture)

  useMeasuredPicture(picture, pane.id)

  // Something is in view as soon as there is something.
  useEffect(() => {
    if (camera || !model || !size || size.height < 1) return
    const box = model.box ?? wholeBox(model.base.info.size)
    const { low, high } = worldCorners(box, model.base, model.view.aspect)
    setCamera(pane.id, fitted(firstCamera, low, high, size.width / size.height))
  }, [camera, model, size, pane.id])

  const background = useMemo(
    () => backgroundOf(model?.look.background ?? 'window', theme),
    [model?.look.background, theme]
  )
  const scene = useMemo((): VolumeScene | null => {
    if (!model || !block || !camera) return null
    const { look, view, base } = model
    const contrast = useContrast.getState()
    const drawn = { camera, look, cursor: view.cursor, background, wedge, overlay, contrast }
    const key = `${base.id}:${base.revision}:${JSON.stringify(drawn)}`
    const tintColours = overlay.colourMap
    return { model, block, tintBlock: tint.block, crossing, tintColours, camera, background, wedge, key }
  }, [model, block, tint.block, crossing, camera, background, wedge, overlay])

  useEffect(() => {
    putShownBlock(pane.id, block)
    return () => putShownBlock(pane.id, null)
  }, [block, pane.id])
  const guided = model && block && isGrey(model.base) ? model.base.runId : null
  useEffect(() => {
    if (guided && block) putGuide(guided, block.facts)
  }, [guided, block])

  const busy = loading || surface.loading || tint.loading
  const onDrawn = useCallback(
    (volumeId: string, isFinished: boolean) => {
      putDrawn(pane.id, volumeId)
      const element = picture.current
      if (!element) return
      element.dataset.shown = volumeId
      element.dataset.settled = String(isFinished && !busy)
    },
    [pane.id, busy]
  )
  const inFull = model?.look.detail === 'full'
  const onLost = useCallback(() => {
    // What the card had no room for must not be asked of it again.
    if (inFull) editLook(pane.id, { detail: 'automatic' })
    sayFailure(inFull ? noRoom : lost)
  }, [pane.id, inFull])
  const said = failure ?? surface.failure
  const refused = said ? (model?.base.id ?? null) : null
  useEffect(() => {
    if (refused !== null) putDrawn(pane.id, refused)
  }, [pane.id, refused])

  const region = model && regionShown(model)
  const averaged = block ? averagedVoxels(block) : null
  const label = model ? `3-D view of ${layerTitle(model.base)}` : '3-D view, empty'
  return (
    <PaneFrame
      pane={pane}
      label={label}
      head={
        <>
          <span className="pane-volume">{model ? layerTitle(model.base) : ''}</span>
          <span className="pane-spring" />
          {busy && <span className="pane-loading">{loading ? reading(progress) : 'working out the surface'}</span>}
          {averaged && (
            <span className="pane-note-inline">
              {averaged} voxels averaged
              {model && remedy(model)}
            </span>
          )}
        </>
      }
    >
      <div
        ref={picture}
        className="picture volume-picture"
        data-volume-picture={pane.id}
        data-settled="false"
        style={{ color: inkOn(background) }}
        role="application"
        aria-roledescription="3-D view"
        aria-label={label}
        tabIndex={0}
        onFocus={() => {
          activatePane(pane.id)
          lookAtPane(pane.id)
        }}
        onContextMenu={(event) => event.preventDefault()}
        {...pointer}
      >
        {scene && <VolumeCanvas scene={scene} moving={moving} onDrawn={onDrawn} onLost={onLost} />}
        {scene && camera && size && (
          <svg className="glyphs" width={size.width} height={size.height} aria-hidden="true">
            {region && <RegionBox3d {...{ camera, size, ...region }} />}
            <OrientationCube paneId={pane.id} camera={camera} x={size.width - 44} y={size.height - 44} />
            {wedge && <WedgeGlyph3d camera={camera} wedge={wedge} x={size.width - 44} y={44} />}
            <VolumeScaleBar
              camera={camera}
              height={size.height}
              x={12}
              y={size.height - 12}
              voxelSizeAngstrom={model?.view.voxelSizeAngstrom ?? null}
            />
          </svg>
        )}
        {said && (
          <p className="pane-note pane-failure" role="alert">
            <strong>{said.message}</strong> {said.hint}
          </p>
        )}
        {!model && <NothingShown volumeId={pane.volumeId} />}
      </div>
    </PaneFrame>
  )
}

/** The region of interest where it is more than what is shown anyway. */
function regionShown({ group, view, look }: VolumeModel): { view: View; tomogram: string; box: Box } | null {
  const box = look.regionOnly ? null : (useRegion.getState().boxes[group] ?? null)
  return box && { view, tomogram: group, box }
}

function reading(progress: number | null): string {
  return progress === null ? 'reading voxels' : `reading voxels ${Math.round(100 * progress)} %`
}

/** How each voxel can be seen. */
function remedy({ look, base }: VolumeModel): string {
  if (isFullExact(base, look)) return '; full detail draws each'
  return look.regionOnly ? '' : '; show the region of interest alone for full resolution'
}

const lost: Failure = {
  kind: 'job',
  code: 'graphics-lost',
  message: 'The graphics driver stopped drawing the 3-D view; it may have run out of memory.',
  hint: 'It usually comes back by itself. If not, show only the region of interest, or close other programs that draw.'
}

const noRoom: Failure = {
  kind: 'job',
  code: 'graphics-no-room',
  message: 'The graphics card could not draw the volume in full detail; it is drawn averaged again.',
  hint: 'Show only the region of interest to see each of its voxels, or close other programs that draw.'
}
