import { Camera, Mesh, Scene, type WebGLRenderer } from 'three'
import { planeAxes, type XYZ } from '../../shared/axes.ts'
import type { MovieSpec } from '../../shared/movie.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { previewQueryOf } from '../family/familyStore.ts'
import { axesOfPane, toPane, voxelMiddle } from '../geometry/paneTransform.ts'
import { positionNm } from '../numbers/format.ts'
import { comparisonModel, otherIndex } from '../slices/comparisonModel.ts'
import type { DrawnState } from '../slices/drawnState.ts'
import { sliceIndex, transformOf, type PaneModel } from '../slices/paneModel.ts'
import { sliceCache } from '../slices/sliceLayers.ts'
import { coveringTriangle, sliceMaterial, SliceTexture } from '../slices/sliceMaterial.ts'
import { setSliceUniforms, type LayerSlices } from '../slices/sliceUniforms.ts'
import { filtersQueryOf } from '../stores/filters.ts'
import type { Slice } from '../api/sliceCache.ts'
import type { ColourLegend, PictureScale } from './annotations.ts'
import { legendOf } from './colourLegend.ts'
import { noGlyphs, type FrameGlyphs } from './drawnGlyphs.ts'
import type { FrameDrawer } from './frameDrawer.ts'
import type { Frame } from './framePlan.ts'
import { demandContext, dropCanvas, pictureCanvas } from './pictureCanvas.ts'
import { pixelsPerPanePixel, wholeView, type Size } from './pictureScale.ts'
import type { MovieSubject } from './subject.ts'

type SliceSubject = Extract<MovieSubject, { kind: 'slice' }>

/** Frames of a pane of slices, by the pane's own shader: overlays, comparison, contrast and filters as they are there. */
export class SliceFrames implements FrameDrawer {
  readonly #subject: SliceSubject
  readonly #size: Size
  readonly #pixelRatio: number
  readonly #gl: WebGLRenderer
  readonly #material = sliceMaterial()
  readonly #geometry = coveringTriangle()
  readonly #mesh = new Mesh(this.#geometry)
  readonly #scene = new Scene()
  readonly #camera = new Camera()
  readonly #textures = {
    base: new SliceTexture(),
    overlay: new SliceTexture(),
    other: new SliceTexture(),
    spread: new SliceTexture()
  }

  constructor(subject: SliceSubject, size: Size, framing: MovieSpec['framing']) {
    this.#size = size
    this.#pixelRatio = pixelsPerPanePixel(subject.size, size)
    const { model } = subject
    const view = framing === 'whole' ? wholeView(model, size, this.#pixelRatio) : model.view
    this.#subject = { ...subject, model: { ...model, view } }
    this.#gl = pictureCanvas(size)
    this.#gl.setClearColor(0x000000, 0)
    this.#mesh.frustumCulled = false
    this.#scene.add(this.#mesh)
  }

  async draw(frame: Frame, onto: CanvasRenderingContext2D, signal: AbortSignal): Promise<void> {
    const model = this.#modelOf(frame)
    const slices = await slicesOf(model, this.#stateOf(frame))
    signal.throwIfAborted()
    const { width, height } = this.#size
    const pixelRatio = this.#pixelRatio
    const { uniforms } = this.#material
    uniforms.uViewport.value.set(0, 0, width, height)
    const room = { width: width / pixelRatio, pixelRatio }
    if (!setSliceUniforms(uniforms, this.#textures, model, slices, room)) return
    this.#mesh.material = this.#material.material()
    this.#gl.render(this.#scene, this.#camera)
    demandContext(this.#gl)
    onto.drawImage(this.#gl.domElement, 0, 0)
  }

  prepare(frame: Frame): void {
    // What can't be read is told when its own frame is drawn.
    slicesOf(this.#modelOf(frame), this.#stateOf(frame)).catch(() => undefined)
  }

  scale(): PictureScale {
    const { pane, view } = this.#subject.model
    const { right } = axesOfPane(pane.plane, pane.transposed)
    const perPixel = 1 / (view.scale * view.aspect[right] * this.#pixelRatio)
    const angstromPerPixel = view.voxelSizeAngstrom ? view.voxelSizeAngstrom[right] * perPixel : null
    return { voxelsPerPixel: perPixel, angstromPerPixel, inMiddle: false }
  }

  legend(): ColourLegend | null {
    return legendOf(this.#subject)
  }

  glyphs(): FrameGlyphs {
    const { pane, view } = this.#subject.model
    const ratio = this.#pixelRatio
    const room = { width: this.#size.width / ratio, height: this.#size.height / ratio }
    const { x, y } = toPane(transformOf(pane, view, room), voxelMiddle(view.cursor))
    return { ...noGlyphs, crosshair: { x: x * ratio, y: y * ratio } }
  }

  inWords(frame: Frame): string {
    if (frame.kind === 'slice') {
      const { pane, view } = this.#subject.model
      const { normal } = planeAxes[pane.plane]
      const at: XYZ = { ...view.cursor, [normal]: frame.slice }
      const nm = view.voxelSizeAngstrom && positionNm(at, view.voxelSizeAngstrom)[normal]
      return `${normal} ${frame.slice}${nm === null ? '' : `, ${nm.toFixed(1)} nm`}`
    }
    if (frame.kind === 'member') return `member ${frame.member + 1} of ${this.#subject.memberCount}`
    return frame.kind === 'temperature' ? `γ ${frame.gamma.toPrecision(3)}, predicted` : ''
  }

  dispose(): void {
    Object.values(this.#textures).forEach((texture) => texture.dispose())
    this.#material.dispose()
    this.#geometry.dispose()
    dropCanvas(this.#gl)
  }

  #modelOf(frame: Frame): PaneModel {
    const { model, family, state } = this.#subject
    if (frame.kind === 'slice') {
      const { normal } = planeAxes[model.pane.plane]
      const cursor = { ...model.view.cursor, [normal]: frame.slice }
      return { ...model, view: { ...model.view, cursor } }
    }
    const base = frame.kind === 'member' ? family?.members[frame.member] : undefined
    if (!base) return model
    return { ...model, base, comparison: comparisonModel(base, model.pane.comparison, model.contrastScope, state) }
  }

  #stateOf(frame: Frame): DrawnState {
    const { family, state } = this.#subject
    return frame.kind === 'temperature' && family
      ? { ...state, preview: { ...state.preview, [family.runId]: frame.gamma } }
      : state
  }
}

/** Every layer's exact slice, filtered and at the temperature at which the pane shows it. */
async function slicesOf(model: PaneModel, state: DrawnState): Promise<LayerSlices> {
  const { base, overlay, comparison, view, pane, tomogram } = model
  const filters = filtersQueryOf(state.filters, tomogram.id)
  const slice = (volume: OpenVolume, index: number | null, filtered: boolean): Promise<Slice> | null => {
    if (index === null) return null
    const query = (filtered ? filters : '') + previewQueryOf(state, volume)
    const { id: volumeId, revision } = volume
    return sliceCache.get({ volumeId, revision, plane: pane.plane, index, filters: query })
  }
  const index = comparison && otherIndex(comparison, view, pane.plane)
  const isDeviation = comparison?.settings.mode === 'deviation' && index !== null
  const spread = isDeviation ? comparison.spread : null
  const over = overlay && overlay.volume
  const [drawn, colours, other, sd] = await Promise.all([
    slice(base, sliceIndex(base, view, pane.plane), true),
    over && slice(over, sliceIndex(over, view, pane.plane), false),
    comparison && slice(comparison.other, index, true),
    spread && slice(spread, sliceIndex(spread, view, pane.plane), false)
  ])
  return { base: drawn, overlay: colours, other, spread: sd }
}
