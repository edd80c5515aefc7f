import { Camera, Mesh, Scene, Texture, type Color, type WebGLRenderer } from 'three'
import {
  coveringTriangle,
  sliceMaterial,
  SliceTexture,
  type LayerUniform,
  type SliceUniforms
} from './sliceMaterial.ts'
import { updateSliceUniforms } from './sliceUniforms.ts'

/** Device pixels of the canvas: left, bottom, width, height. */
export type Viewport = readonly [number, number, number, number]

const camera = new Camera()

/** A pane's picture on the canvas: one triangle, and the textures of the slices it shows. */
export class DrawnPane {
  readonly #id: string
  readonly #scene = new Scene()
  readonly #mesh: Mesh
  readonly #slice = sliceMaterial()
  readonly #geometry = coveringTriangle()
  readonly #textures = {
    base: new SliceTexture(),
    overlay: new SliceTexture(),
    other: new SliceTexture(),
    spread: new SliceTexture()
  }
  /** What the shader saw when the picture was drawn. */
  #drawn = ''
  /** Where it was, and which part of it slices covered. */
  #place = ''

  constructor(id: string) {
    this.#id = id
    this.#mesh = new Mesh(this.#geometry)
    this.#mesh.frustumCulled = false
    this.#scene.add(this.#mesh)
    this.#scene.matrixWorldAutoUpdate = false
  }

  /** Draws the picture where it differs from what is there. `ratio`: device pixels of a CSS pixel; `surround`: colour outside of slices. */
  draw(gl: WebGLRenderer, viewport: Viewport, ratio: number, surround: Color): void {
    const { uniforms } = this.#slice
    uniforms.uViewport.value.fromArray(viewport)
    uniforms.uSurround.value.set(surround.r, surround.g, surround.b, 1)
    const room = { width: viewport[2] / ratio, pixelRatio: ratio }
    const hasPicture = updateSliceUniforms(uniforms, this.#textures, this.#id, room)
    const seen = hasPicture ? seenBy(uniforms) : viewport.join(' ')
    if (seen === this.#drawn) return
    this.#drawn = seen
    const inside = hasPicture ? drawnPart(uniforms, viewport) : none
    const place = `${viewport.join(' ')}|${inside.join(' ')}`
    // Around the slices nothing changes from one to the next.
    if (place !== this.#place) {
      this.#place = place
      gl.setScissor(...cssPixels(viewport, ratio))
      gl.clear()
    }
    if (inside[2] <= 0 || inside[3] <= 0) return
    gl.setViewport(...cssPixels(viewport, ratio))
    gl.setScissor(...cssPixels(inside, ratio))
    this.#mesh.material = this.#slice.material()
    gl.render(this.#scene, camera)
  }

  /** The canvas has lost what was drawn. */
  forget(): void {
    this.#drawn = ''
    this.#place = ''
  }

  dispose(): void {
    Object.values(this.#textures).forEach((texture) => texture.dispose())
    this.#slice.dispose()
    this.#geometry.dispose()
  }
}

const none: Viewport = [0, 0, 0, 0]

function cssPixels([left, bottom, width, height]: Viewport, ratio: number): Viewport {
  return [left / ratio, bottom / ratio, width / ratio, height / ratio]
}

/** The part of a picture that any of its slices covers, in whole device pixels. */
export function drawnPart(uniforms: SliceUniforms, [left, bottom, width, height]: Viewport): Viewport {
  const layers = [
    uniforms.uHasBase.value && uniforms.uBaseLayer.value,
    uniforms.uHasOther.value && uniforms.uOtherLayer.value,
    uniforms.uHasOverlay.value && uniforms.uOverlayLayer.value
  ].filter((layer) => layer !== false)
  if (layers.length === 0) return none
  /** Device pixels from the pane's middle at which the slices begin and end, along their columns or rows. */
  const extent = (axis: 'x' | 'y'): [number, number] => {
    const at = (layer: LayerUniform, texel: number): number => (texel - layer.middle[axis]) / layer.perPixel[axis]
    const ends = layers.map((layer) => at(layer, layer.size[axis === 'x' ? 0 : 1]))
    return [Math.min(...layers.map((layer) => at(layer, 0))), Math.max(...ends)]
  }
  const along = (extents: [number, number], from: number, length: number): [number, number] => {
    const [low, high] = extents.map((end) => Math.min(length, Math.max(0, end + length / 2)))
    return [from + Math.floor(low), Math.ceil(high) - Math.floor(low)]
  }
  const transposed = uniforms.uTransposed.value
  const [x, columns] = along(extent(transposed ? 'y' : 'x'), left, width)
  const [y, rows] = along(extent(transposed ? 'x' : 'y'), bottom, height)
  return [x, y, columns, rows]
}

/** All that the shader sees, as a text: the same text is the same picture. */
function seenBy(uniforms: SliceUniforms): string {
  return Object.values(uniforms)
    .map(({ value }) => textOf(value))
    .join(' ')
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Texture) return `${value.id}:${value.version}`
  return Object.values(value).map(textOf).join(',')
}
