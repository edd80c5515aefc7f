import type { XYZ } from '../../shared/axes.ts'
import { wholeBox } from '../../shared/axes.ts'
import { eyeDistance, viewAxes } from '../../shared/camera.ts'
import type { VolumePanel } from '../../shared/figure.ts'
import { readBlock } from '../volume/block.ts'
import type { Block } from '../volume/block.ts'
import type { Volume } from '../volume/volume.ts'
import { colourBarLegend } from './colour-bar-legend.ts'
import type { DrawnPanel, Legend } from './drawn-panel.ts'
import type { FigureSource } from './figure-svg.ts'
import { imageSvg, scaleBarSvg } from './panel-svg.ts'
import { scaleBar } from './scale-bar.ts'
import { depthOf } from './raster.ts'
import type { Raster, RasterPart } from './raster.ts'
import { crossingCells } from './volume/crossing-cells.ts'
import { march } from './volume/march.ts'
import type { Ray, Triple } from './volume/march.ts'
import { volumeView } from './volume/volume-view.ts'
import type { VolumeView, WorldBlock } from './volume/volume-view.ts'

/** As many voxels as the window puts on the graphics card. */
const blockVoxels = 1 << 24
const fullVoxels = 1 << 27
/** Rays a pixel, along each side: edges are as smooth as the window's. */
const raysAcross = 2
/** Larger pictures are not kept for the next drawing: a preview's are smaller. */
const rememberedPixels = 2e6
/** After so many rays other work gets its turn. */
const raysATurn = 20_000

/** Reads a volume for a 3-D panel. @throws WedgeviewError `roi-outside`, and what opening and reading throws */
export async function readVolumePanel(panel: VolumePanel, index: number, source: FigureSource): Promise<DrawnPanel> {
  const { volume } = await source.resolve(panel.volume)
  const read = { signal: source.signal }
  const voxel = volume.info.voxelSizeAngstrom
  const aspect: XYZ = voxel ? { x: 1, y: voxel.y / voxel.x, z: voxel.z / voxel.x } : { x: 1, y: 1, z: 1 }
  const limit = panel.detail === 'full' ? fullVoxels : blockVoxels
  const block = await readBlock(volume, [], panel.box ?? wholeBox(volume.info.size), limit, read)
  const legends: Legend[] = []
  let tint: Parameters<typeof volumeView>[2] = null
  if (panel.tint) {
    const tinting = await source.resolve(panel.tint.volume)
    const tintBlock = await readBlock(tinting.volume, [], wholeOf(tinting.volume), blockVoxels, read)
    const { colourMap, contrast: range, quantity, offset } = panel.tint
    tint = { block: inWorld(tintBlock, aspect, offset), range, colourMap }
    if (panel.colourBar ?? true)
      legends.push(colourBarLegend({ id: `tint-${index}`, colourMap, range, quantity, threshold: null }))
  }
  const { crossing, mode } = panel
  const cells =
    mode === 'crossing' && crossing ? await crossingCells({ ...panel, crossing }, block.box, aspect, source) : null
  const view = volumeView(panel, inWorld(block, aspect, { x: 0, y: 0, z: 0 }), tint, cells)
  const states = await statesOf(panel, source)
  return {
    title: panel.title,
    heightAt: (width) => width * panel.heightOverWidth,
    legends,
    async draw(frame, drawing) {
      const width = Math.max(1, Math.round((frame.width / 72) * drawing.dpi))
      const height = Math.max(1, Math.round(width * panel.heightOverWidth))
      const paint = (): Promise<Raster> => volumeRaster(view, panel, width, height, drawing.part, source.signal)
      // What is written around the picture changes more often than the picture.
      const seen = { ...panel, title: '', scaleBar: null, scaleBarAngstrom: null, colourBar: null }
      const key = states && JSON.stringify([seen, states, width, height, drawing.part])
      const keeps = key !== null && source.remember && width * height <= rememberedPixels
      const raster = keeps && source.remember ? await source.remember(key, paint) : await paint()
      const image = imageSvg(frame, raster, width, height)
      // In perspective no one length is true.
      if (!(panel.scaleBar ?? drawing.scaleBar) || panel.camera.perspective) return [image]
      const worldPerPixel = panel.camera.height / height
      const bar = scaleBar(width, voxel && voxel.x * worldPerPixel, 0.3, panel.scaleBarAngstrom)
      return [image, scaleBarSvg(frame, bar, width, drawing.type)]
    }
  }
}

/** What the picture's voxels are; null where that is not known. */
async function statesOf(panel: VolumePanel, source: FigureSource): Promise<string[] | null> {
  const { crossing, tint } = panel
  const further =
    crossing?.from === 'members' ? crossing.members : crossing?.from === 'gaussian' ? [crossing.mean, crossing.std] : []
  const states: string[] = []
  for (const name of [panel.volume, ...(tint ? [tint.volume] : []), ...further]) {
    const { state } = await source.resolve(name)
    if (state === undefined) return null
    states.push(state)
  }
  return states
}

function wholeOf(volume: Volume) {
  return wholeBox(volume.info.size)
}

function inWorld({ data, size, box }: Block, aspect: XYZ, offset: XYZ): WorldBlock {
  const corner = (end: 0 | 1): XYZ => ({
    x: (box.x[end] + offset.x) * aspect.x,
    y: (box.y[end] + offset.y) * aspect.y,
    z: (box.z[end] + offset.z) * aspect.z
  })
  return { data, size, low: corner(0), high: corner(1) }
}

async function volumeRaster(
  view: VolumeView,
  { camera }: VolumePanel,
  width: number,
  height: number,
  part: RasterPart,
  signal?: AbortSignal
): Promise<Raster> {
  const { right, up, back } = viewAxes(camera)
  const { low, high } = view.block
  const radius = Math.hypot(high.x - low.x, high.y - low.y, high.z - low.z) / 2
  const eyeAt = eyeDistance(camera, radius)
  const target: Triple = [camera.target.x, camera.target.y, camera.target.z]
  const moved = (from: Triple, r: number, u: number, b: number): Triple => [
    from[0] + r * right[0] + u * up[0] + b * back[0],
    from[1] + r * right[1] + u * up[1] + b * back[1],
    from[2] + r * right[2] + u * up[2] + b * back[2]
  ]
  const eye = moved(target, 0, 0, eyeAt)
  const rayAt = (x: number, y: number): Ray => {
    const unit = camera.height / height
    const aim = moved(target, (x - width / 2) * unit, (height / 2 - y) * unit, 0)
    const rise = 1 - y / height
    if (!camera.perspective)
      return { origin: moved(aim, 0, 0, eyeAt), direction: [-back[0], -back[1], -back[2]], right, up, back, rise }
    const away: Triple = [aim[0] - eye[0], aim[1] - eye[1], aim[2] - eye[2]]
    const length = Math.hypot(...away)
    return { origin: eye, direction: [away[0] / length, away[1] / length, away[2] / length], right, up, back, rise }
  }
  const depth = depthOf(part)
  const levelByte = (level: number): number => depth.byteOf(Math.min(1, Math.max(0, level)) * depth.white)
  const rgb = new Uint8Array(width * height * 3)
  let rays = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0]
      for (let j = 0; j < raysAcross; j++)
        for (let i = 0; i < raysAcross; i++) {
          // A step's start that differs from ray to ray turns bands into noise, which the mean takes away.
          const start = (j * raysAcross + i + 0.5) / raysAcross ** 2
          const colour = march(view, rayAt(x + (i + 0.5) / raysAcross, y + (j + 0.5) / raysAcross), start)
          for (let c = 0; c < 3; c++) sum[c] += colour[c]
        }
      for (let c = 0; c < 3; c++) rgb[(y * width + x) * 3 + c] = levelByte(sum[c] / raysAcross ** 2)
    }
    rays += width * raysAcross ** 2
    if (rays < raysATurn) continue
    rays = 0
    await new Promise<void>((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
  }
  return { width, height, voxelsPerPixel: 1, rgb }
}
