import type { XYZ } from '../../../shared/axes.ts'
import { colourTable } from '../../../shared/colour-maps.ts'
import type { ColourMapName, VolumePanel } from '../../../shared/figure.ts'
import { transferTable } from '../../../shared/transfer-function.ts'
import { gradients, type Rgb } from '../../../shared/volume-backgrounds.ts'
import type { CrossingBlocks } from './crossing-cells.ts'
import type { WedgeCone } from './wedge-cone.ts'

/** A block of voxels in the world: x voxels of the volume, from its first voxel's corner. */
export interface WorldBlock {
  data: Float32Array
  size: XYZ
  low: XYZ
  high: XYZ
}

const plain: Readonly<Record<VolumePanel['background'], readonly [bottom: Rgb, top: Rgb]>> = {
  black: [
    [0, 0, 0],
    [0, 0, 0]
  ],
  white: [
    [1, 1, 1],
    [1, 1, 1]
  ]
}

/** What a ray needs to know, worked out once a picture. Colours 0 to 1. */
export interface VolumeView {
  block: WorldBlock
  mode: VolumePanel['mode']
  /** What `crossing` marches through; null: the block is P(x > t) itself. */
  crossing: CrossingBlocks | null
  /** Values with the first and the last colour; the first above the last where dark is dense. */
  range: { low: number; high: number }
  level: number
  colours: Uint8Array
  /** Drawn in the background's opposite, the denser the stronger, instead of in colours. */
  ink: boolean
  transfer: Float32Array
  tint: { block: WorldBlock; range: { low: number; high: number }; colours: Uint8Array } | null
  clip: VolumePanel['clip']
  cutFront: number
  slices: VolumePanel['slices']
  /** At the bottom and at the top of the picture. */
  background: readonly [bottom: Rgb, top: Rgb]
  cone: WedgeCone | null
  depthCue: number
}

export const surfaceColour: Rgb = [0.78, 0.8, 0.82]

export function volumeView(
  panel: VolumePanel,
  block: WorldBlock,
  tint: { block: WorldBlock; range: { low: number; high: number }; colourMap: ColourMapName } | null,
  crossing: CrossingBlocks | null = null
): VolumeView {
  return {
    block,
    mode: panel.mode,
    crossing,
    range: panel.contrast,
    level: panel.level,
    colours: colourTable(panel.colourMap),
    ink: panel.colourMap === 'grey',
    transfer: transferTable(panel.opacity, panel.colourMap),
    tint: tint && { block: tint.block, range: tint.range, colours: colourTable(tint.colourMap) },
    clip: panel.clip,
    cutFront: panel.cutFront,
    slices: panel.slices,
    background: (panel.gradient ? gradients : plain)[panel.background],
    cone: panel.cone,
    depthCue: panel.depthCue
  }
}
