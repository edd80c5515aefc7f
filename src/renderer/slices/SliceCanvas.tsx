import { Canvas, useFrame, useThree } from '@react-three/fiber'
import { useEffect, useMemo } from 'react'
import { Camera, Mesh, Scene, type WebGLRenderer } from 'three'
import { useFlicker } from '../stores/comparison.ts'
import { useContrast } from '../stores/contrast.ts'
import { useLinks } from '../stores/links.ts'
import { useLayout } from '../stores/layout.ts'
import { sayFailure } from '../stores/messages.ts'
import { useOverlay } from '../stores/overlay.ts'
import { usePanes } from '../stores/panes.ts'
import { useSlices } from '../stores/slices.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useParts } from '../uncertainty/parts.ts'
import { updateSliceUniforms } from './sliceUniforms.ts'
import { coveringTriangle, sliceMaterial, SliceTexture } from './sliceMaterial.ts'

/** The element in which a pane's picture appears carries this attribute. */
export const pictureAttribute = 'data-picture'

/**
 * The one WebGL canvas of the workspace. It lies under the panes and draws each pane's picture with a
 * scissor into the rectangle of its element: browsers limit contexts, and textures are shared.
 */
export function SliceCanvas() {
  return (
    <div className="slice-canvas" aria-hidden="true">
      <Canvas
        frameloop="demand"
        flat
        linear
        dpr={[1, 4]}
        gl={{ antialias: false, alpha: true, depth: false, stencil: false, powerPreference: 'high-performance' }}
        onCreated={({ gl, invalidate }) => watchContext(gl.domElement, invalidate)}
        fallback={<p className="no-webgl">This window needs WebGL 2 to draw slices.</p>}
      >
        <PaneDrawing />
      </Canvas>
    </div>
  )
}

/** The driver may take the graphics memory away; three uploads everything again once it gives it back. */
function watchContext(canvas: HTMLCanvasElement, redraw: () => void): void {
  canvas.addEventListener('webglcontextlost', () =>
    sayFailure({
      kind: 'job',
      code: 'graphics-lost',
      message: 'The graphics driver stopped drawing this window.',
      hint: 'It usually comes back by itself; if not, close other programs that draw and reload the window.'
    })
  )
  canvas.addEventListener('webglcontextrestored', () => redraw())
}

const stores = [
  useView,
  useLayout,
  useLinks,
  usePanes,
  useSlices,
  useContrast,
  useOverlay,
  useVolumes,
  useFlicker,
  useParts
]

function PaneDrawing() {
  const invalidate = useThree((state) => state.invalidate)
  // Only a pane that comes or goes is worth new textures, not one that shows something else.
  const ids = useLayout((state) =>
    state.panes
      .filter(({ kind }) => kind === 'slice')
      .map(({ id }) => id)
      .join(' ')
  )

  useEffect(() => {
    const unsubscribe = stores.map((store) => store.subscribe(() => invalidate()))
    return () => unsubscribe.forEach((stop) => stop())
  }, [invalidate])

  // A pane's rectangle also moves when a panel beside it opens.
  useEffect(() => invalidate())

  const drawn = useMemo(() => (ids === '' ? [] : ids.split(' ').map((id) => new DrawnPane(id))), [ids])
  useEffect(() => () => drawn.forEach((pane) => pane.dispose()), [drawn])

  useFrame(({ gl }) => {
    gl.setScissorTest(false)
    gl.setClearColor(0x000000, 0)
    gl.clear()
    gl.setScissorTest(true)
    const canvas = gl.domElement.getBoundingClientRect()
    for (const pane of drawn) pane.draw(gl, canvas)
    gl.setScissorTest(false)
  }, 1)
  return null
}

const camera = new Camera()

/** A pane's scene: one triangle, and the textures of the slices it shows. */
class DrawnPane {
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

  constructor(id: string) {
    this.#id = id
    this.#mesh = new Mesh(this.#geometry)
    this.#mesh.frustumCulled = false
    this.#scene.add(this.#mesh)
    this.#scene.matrixWorldAutoUpdate = false
  }

  draw(gl: WebGLRenderer, canvas: DOMRect): void {
    const picture = document.querySelector(`[${pictureAttribute}="${this.#id}"]`)?.getBoundingClientRect()
    if (!picture || picture.width < 1 || picture.height < 1) return
    const left = picture.left - canvas.left
    const bottom = canvas.bottom - picture.bottom
    const ratio = gl.getPixelRatio()
    const viewport = [left, bottom, picture.width, picture.height].map((length) => Math.round(length * ratio))
    this.#slice.uniforms.uViewport.value.fromArray(viewport)
    if (
      !updateSliceUniforms(this.#slice.uniforms, this.#textures, this.#id, { width: picture.width, pixelRatio: ratio })
    )
      return
    this.#mesh.material = this.#slice.material()
    gl.setViewport(left, bottom, picture.width, picture.height)
    gl.setScissor(left, bottom, picture.width, picture.height)
    gl.render(this.#scene, camera)
  }

  dispose(): void {
    Object.values(this.#textures).forEach((texture) => texture.dispose())
    this.#slice.dispose()
    this.#geometry.dispose()
  }
}
