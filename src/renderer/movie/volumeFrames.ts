import type { WebGLRenderer } from 'three'
import type { Box } from '../../shared/axes.ts'
import type { MovieSpec } from '../../shared/movie.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { overlayOf } from '../stores/overlay.ts'
import { backgroundOf } from '../volume3d/background.ts'
import { DrawnVolume } from '../volume3d/drawnVolume.ts'
import { blockOf } from '../volume3d/blockCache.ts'
import { automaticVoxels, memberVoxels } from '../volume3d/blockLimits.ts'
import { crossingBlock, crossingSource, volumesOf, type CrossingBlock } from '../volume3d/crossingBlock.ts'
import type { LoadedBlock } from '../volume3d/loadBlock.ts'
import type { VolumeScene } from '../volume3d/marchingUniforms.ts'
import { isDarkDense, levelOf, voxelLimit, withinVolume, type VolumeModel } from '../volume3d/volumeModel.ts'
import type { ColourLegend, PictureScale } from './annotations.ts'
import { legendOf } from './colourLegend.ts'
import type { FrameGlyphs } from './drawnGlyphs.ts'
import type { FrameDrawer } from './frameDrawer.ts'
import type { Frame } from './framePlan.ts'
import { nextTurn } from './nextTurn.ts'
import { demandContext, dropCanvas, pictureCanvas } from './pictureCanvas.ts'
import { framedCamera, type Size } from './pictureScale.ts'
import type { MovieSubject } from './subject.ts'

type VolumeSubject = Extract<MovieSubject, { kind: 'volume' }>

/** Frames of a 3-D pane, by the pane's own ray marcher, each refined until it is finished. */
export class VolumeFrames implements FrameDrawer {
  readonly #subject: VolumeSubject
  readonly #size: Size
  readonly #gl: WebGLRenderer
  readonly #drawn = new DrawnVolume(() => undefined)
  readonly #background: VolumeScene['background']
  readonly #look: VolumeModel['look']
  readonly #abort = new AbortController()
  /** Of the members last drawn and next to be, by member. */
  readonly #blocks = new Map<number, Promise<LoadedBlock>>()
  #tint: Promise<LoadedBlock | null> | null = null
  #crossing: Promise<CrossingBlock | null> | null = null

  constructor(subject: VolumeSubject, size: Size, background: MovieSpec['background']) {
    this.#subject = subject
    this.#size = size
    this.#gl = pictureCanvas(size)
    const { look } = subject.model
    this.#background = backgroundOf(background === 'pane' ? look.background : background, subject.state.theme)
    // Members are drawn at one level: a first guess from each one's own voxels would make the surface breathe.
    this.#look = { ...look, level: levelOf(look, subject.block), denseIsDark: isDarkDense(look, subject.block) }
  }

  async draw(frame: Frame, onto: CanvasRenderingContext2D, signal: AbortSignal): Promise<void> {
    const scene = await this.#sceneOf(frame)
    signal.throwIfAborted()
    const { width, height } = this.#size
    while (!this.#drawn.draw(this.#gl, scene, width, height, false)) {
      demandContext(this.#gl)
      await nextTurn()
      signal.throwIfAborted()
    }
    demandContext(this.#gl)
    // Once more in this turn: the browser may have cleared the canvas since.
    this.#drawn.draw(this.#gl, scene, width, height, false)
    onto.drawImage(this.#gl.domElement, 0, 0)
  }

  prepare(frame: Frame): void {
    if (frame.kind === 'member') this.#blockOf(frame.member).catch(() => undefined)
  }

  scale(frame: Frame): PictureScale {
    const camera = this.#cameraOf(frame)
    const voxelsPerPixel = camera.height / this.#size.height
    const { voxelSizeAngstrom } = this.#subject.model.view
    return {
      voxelsPerPixel,
      angstromPerPixel: voxelSizeAngstrom ? voxelSizeAngstrom.x * voxelsPerPixel : null,
      inMiddle: camera.perspective
    }
  }

  legend(): ColourLegend | null {
    return legendOf(this.#subject)
  }

  glyphs(frame: Frame): FrameGlyphs {
    return { camera: this.#cameraOf(frame), cube: true, wedge: this.#wedge(), crosshair: null }
  }

  inWords(frame: Frame): string {
    return frame.kind === 'member' ? `member ${frame.member + 1} of ${this.#subject.memberCount}` : ''
  }

  dispose(): void {
    this.#abort.abort()
    this.#drawn.dispose()
    dropCanvas(this.#gl)
  }

  async #sceneOf(frame: Frame): Promise<VolumeScene> {
    const { model, family, block, state } = this.#subject
    const member = frame.kind === 'member' ? family?.members[frame.member] : undefined
    const drawn = frame.kind === 'member' && member ? await this.#blockOf(frame.member) : block
    const overlay = overlayOf(state.overlays, model.group)
    const camera = this.#cameraOf(frame)
    const base = member ?? model.base
    const box = member ? this.#boxIn(member) : model.box
    return {
      model: { ...model, base, look: this.#look, box },
      block: drawn,
      tintBlock: await this.#tintBlock(),
      crossing: await this.#crossingBlock(),
      tintColours: overlay.colourMap,
      camera,
      background: this.#background,
      wedge: this.#wedge(),
      key: `${base.id}:${base.revision}:${JSON.stringify(camera)}`
    }
  }

  #wedge(): Wedge | null {
    const { model, state } = this.#subject
    return state.wedges[model.group]?.wedge ?? null
  }

  #cameraOf(frame: Frame): VolumeScene['camera'] {
    const camera = frame.kind === 'camera' ? frame.camera : this.#subject.camera
    return framedCamera(camera, this.#subject.size, this.#size)
  }

  #boxIn(volume: OpenVolume): Box | null {
    const { model, state } = this.#subject
    const { look, group } = model
    const region = state.regions[group] ?? null
    return look.regionOnly && region ? withinVolume(region, volume) : null
  }

  #blockOf(index: number): Promise<LoadedBlock> {
    const known = this.#blocks.get(index)
    if (known) return known
    const member = this.#subject.family?.members[index]
    if (!member) return Promise.resolve(this.#subject.block)
    // Two members are needed at once while one fades into the next; a third is on its way.
    for (const oldest of this.#blocks.keys()) if (this.#blocks.size > 2) this.#blocks.delete(oldest)
    const loading = this.#load(member, this.#boxIn(member), voxelLimit(member, 'automatic'))
    this.#blocks.set(index, loading)
    return loading
  }

  #tintBlock(): Promise<LoadedBlock | null> {
    const { tint } = this.#subject.model
    this.#tint ??= tint ? this.#load(tint, null, automaticVoxels()) : Promise.resolve(null)
    return this.#tint
  }

  /** Where the surface may lie is the whole family's: the same in every frame. */
  #crossingBlock(): Promise<CrossingBlock | null> {
    this.#crossing ??= this.#loadCrossing()
    return this.#crossing
  }

  async #loadCrossing(): Promise<CrossingBlock | null> {
    const { model, state } = this.#subject
    const { base, box, view } = model
    const source = this.#look.mode === 'crossing' ? crossingSource(base, state.volumes.volumes) : null
    if (!source) return null
    const needed = volumesOf(source)
    const blocks: LoadedBlock[] = []
    for (const volume of needed) blocks.push(await this.#load(volume, box, memberVoxels(needed.length)))
    const level = source.from === 'probability' ? 0 : (this.#look.level ?? 0)
    return crossingBlock(source, blocks, level, view.aspect, this.#abort.signal)
  }

  #load({ id, revision }: OpenVolume, box: Box | null, limit: number): Promise<LoadedBlock> {
    return blockOf({ volumeId: id, revision, box, limit }, this.#abort.signal)
  }
}
