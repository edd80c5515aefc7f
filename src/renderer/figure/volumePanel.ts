import type { Axis, XYZ } from '../../shared/axes.ts'
import type { VolumePanel } from '../../shared/figure.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { overlayOf, useOverlay } from '../stores/overlay.ts'
import { usePanes } from '../stores/panes.ts'
import { useVolumeView } from '../stores/volumeView.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useWedge } from '../stores/wedge.ts'
import { useShownBlocks } from '../stores/shownBlocks.ts'
import { crossingSource } from '../volume3d/crossingBlock.ts'
import { greyRange, levelOf, tintRange, volumeModel, worldCorners, type VolumeModel } from '../volume3d/volumeModel.ts'

/** A 3-D pane as a figure's panel; null while it shows nothing. The figure's background takes the place of the window's. */
export function volumePanel(paneId: string, background: 'white' | 'black'): VolumePanel | null {
  const model = volumeModel(paneId)
  const block = useShownBlocks.getState().blocks[paneId]
  const camera = useVolumeView.getState().cameras[paneId]
  const size = usePanes.getState().sizes[paneId]
  if (!model || !block || !camera || !size) return null
  const { base, look, tint, view } = model
  const { aspect, cursor } = view
  // The window's world is the tomogram's, the panel's is its own volume's.
  const origin: XYZ = {
    x: startOf(base, 'x') * aspect.x,
    y: startOf(base, 'y') * aspect.y,
    z: startOf(base, 'z') * aspect.z
  }
  const { low, high } = worldCorners(block.box, base, aspect)
  const sliceShare = (axis: Axis): number | null => {
    if (!look.slices[axis]) return null
    const share = ((cursor[axis] + 0.5) * aspect[axis] - low[axis]) / (high[axis] - low[axis])
    return share >= 0 && share <= 1 ? share : null
  }
  return {
    kind: 'volume',
    volume: base.id,
    box: model.box,
    detail: look.detail,
    title: `${layerTitle(base)}, 3-D`,
    heightOverWidth: size.height / size.width,
    camera: {
      rotation: [...camera.rotation],
      target: {
        x: camera.target.x - origin.x,
        y: camera.target.y - origin.y,
        z: camera.target.z - origin.z
      },
      height: camera.height,
      perspective: camera.perspective
    },
    mode: look.mode,
    contrast: greyRange(model, block),
    level: levelOf(look, block),
    crossing: look.mode === 'crossing' ? crossingOf(base) : null,
    opacity: [...look.opacity],
    colourMap: look.colourMap,
    tint: tint && {
      volume: tint.id,
      offset: {
        x: startOf(tint, 'x') - startOf(base, 'x'),
        y: startOf(tint, 'y') - startOf(base, 'y'),
        z: startOf(tint, 'z') - startOf(base, 'z')
      },
      contrast: tintRange(model),
      colourMap: overlayOf(useOverlay.getState(), model.group).colourMap,
      quantity: tint.quantity
    },
    clip: { x: mutable(look.clip.x), y: mutable(look.clip.y), z: mutable(look.clip.z) },
    cutFront: look.cutFront,
    slices: { x: sliceShare('x'), y: sliceShare('y'), z: sliceShare('z') },
    background,
    gradient: look.background === 'gradient',
    cone: coneOf(model, low, high, origin),
    depthCue: look.depthCue
  }
}

/** The wedge in place at the crosshair, as large as in the pane (volume3d/marchingUniforms.ts). */
function coneOf({ look, view, group }: VolumeModel, low: XYZ, high: XYZ, origin: XYZ): VolumePanel['cone'] {
  const wedge = useWedge.getState().wedges[group]?.wedge
  if (!look.cone || !wedge || wedge.tiltMax - wedge.tiltMin >= 180) return null
  const at = (axis: Axis): number => (view.cursor[axis] + 0.5) * view.aspect[axis] - origin[axis]
  const radius = Math.hypot(high.x - low.x, high.y - low.y, high.z - low.z) / 5
  return { centre: { x: at('x'), y: at('y'), z: at('z') }, radius, wedge }
}

/** What tells where the surface may lie, as the pane has it. */
function crossingOf(base: OpenVolume): VolumePanel['crossing'] {
  const source = crossingSource(base, useVolumes.getState().volumes)
  if (source?.from === 'members') return { from: 'members', members: source.members.map(({ id }) => id) }
  if (source?.from === 'gaussian') return { from: 'gaussian', mean: source.mean.id, std: source.std.id }
  return source && { from: 'probability' }
}

function startOf(volume: OpenVolume, axis: Axis): number {
  return volume.region?.box[axis][0] ?? 0
}

function mutable([from, to]: readonly [number, number]): [number, number] {
  return [from, to]
}
