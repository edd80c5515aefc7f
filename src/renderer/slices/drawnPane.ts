import { Camera, Mesh, Scene, Texture, type WebGLRenderer } from 'three'
import { coveringTriangle, sliceMaterial, SliceTexture, type SliceUniforms } from './sliceMaterial.ts'
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

  constructor(id: string) {
    this.#id = id
    this.#mesh = new Mesh(this.#geometry)
    this.#mesh.frustumCulled = false
    this.#scene.add(this.#mesh)
    this.#scene.matrixWorldAutoUpdate = false
  }

  /** Draws the picture where it differs from what is there. `ratio`: device pixels of a CSS pixel. */
  draw(gl: WebGLRenderer, viewport: Viewport, ratio: number): void {
    const { uniforms } = this.#slice
    uniforms.uViewport.value.fromArray(viewport)
    const room = { width: viewport[2] / ratio, pixelRatio: ratio }
    const hasPicture = updateSliceUniforms(uniforms, this.#textures, this.#id, room)
    const seen = hasPicture ? seenBy(uniforms) : viewport.join(' ')
    if (seen === this.#drawn) return
    this.#drawn = seen
    const [left, bottom, width, height] = viewport.map((length) => length / ratio)
    gl.setViewport(left, bottom, width, height)
    gl.setScissor(left, bottom, width, height)
    if (!hasPicture) {
      gl.clear()
      return
    }
    this.#mesh.material = this.#slice.material()
    gl.render(this.#scene, camera)
  }

  /** The canvas has lost what was drawn. */
  forget(): void {
    this.#drawn = ''
  }

  dispose(): void {
    Object.values(this.#textures).forEach((texture) => texture.dispose())
    this.#slice.dispose()
    this.#geometry.dispose()
  }
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
