import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  FloatType,
  GLSL3,
  NearestFilter,
  RawShaderMaterial,
  RedFormat,
  RGBAFormat,
  UnsignedByteType,
  Vector2,
  Vector3,
  Vector4
} from 'three'
import type { ColourMapName } from '../../shared/figure.ts'
import type { Slice } from '../api/sliceCache.ts'
import { colourTable } from '../../shared/colour-maps.ts'
import { suppressedColour } from '../../shared/value-suppressing.ts'
import { maxContours } from '../stores/overlay.ts'
import overlayShader from './overlay.glsl?raw'
import sliceShader from './slice.frag.glsl?raw'
import { sliceVariant } from './sliceVariant.ts'
import vertexShader from './slice.vert.glsl?raw'

/** One triangle that covers the viewport. */
export function coveringTriangle(): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3))
  return geometry
}

const layer = () => ({
  size: [1, 1],
  middle: new Vector2(),
  perPixel: new Vector2(1, 1),
  range: new Vector2(0, 1),
  gamma: 1
})

export type LayerUniform = ReturnType<typeof layer>

/** Draws a pane: base and overlay, each a float texture of one slice. */
export function sliceMaterial() {
  const uniforms = {
    uViewport: { value: new Vector4() },
    uSurround: { value: new Vector4() },
    uTransposed: { value: false },
    uSmooth: { value: true },
    uGreys: { value: false },
    uHasBase: { value: false },
    uBase: { value: null as DataTexture | null },
    uBaseColours: { value: null as DataTexture | null },
    uBaseLayer: { value: layer() },
    uCompare: { value: 0 },
    uHasOther: { value: false },
    uOther: { value: null as DataTexture | null },
    uOtherColours: { value: null as DataTexture | null },
    uOtherLayer: { value: layer() },
    uSwipe: { value: 0 },
    uCell: { value: 1 },
    uShowsOther: { value: false },
    uHasSpread: { value: false },
    uSpread: { value: null as DataTexture | null },
    uSpreadLayer: { value: layer() },
    uDifferenceColours: { value: null as DataTexture | null },
    uDifference: { value: layer() },
    uHasOverlay: { value: false },
    uOverlay: { value: null as DataTexture | null },
    uOverlayColours: { value: null as DataTexture | null },
    uOverlayLayer: { value: layer() },
    uOpacity: { value: 1 },
    uOpacityByValue: { value: false },
    uHasThreshold: { value: false },
    uThreshold: { value: 0 },
    uContourCount: { value: 0 },
    uContours: { value: new Float32Array(maxContours) },
    uContourWidth: { value: 1 },
    uTreeRows: { value: 0 },
    uValueColours: { value: null as DataTexture | null },
    uSuppressedColour: { value: new Vector3(...suppressedColour.map((part) => part / 255)) }
  }
  const variants = new Map<string, RawShaderMaterial>()
  return {
    uniforms,
    /** The material for what the uniforms call for now. */
    material(): RawShaderMaterial {
      const variant = sliceVariant(uniforms)
      const key = variant.join(' ')
      let material = variants.get(key)
      if (!material) {
        material = variantOf(uniforms, variant)
        variants.set(key, material)
      }
      return material
    },
    dispose(): void {
      variants.forEach((material) => material.dispose())
    }
  }
}

function variantOf(uniforms: SliceUniforms, defined: readonly string[]): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader,
    fragmentShader: `${sliceShader}\n${overlayShader}`,
    defines: Object.fromEntries(defined.map((name) => [name, ''])),
    uniforms,
    depthTest: false,
    depthWrite: false,
    transparent: false
  })
}

export type SliceUniforms = ReturnType<typeof sliceMaterial>['uniforms']

const colourTextures = new Map<ColourMapName, DataTexture>()

export function colourTexture(name: ColourMapName): DataTexture {
  const known = colourTextures.get(name)
  if (known) return known
  const texture = new DataTexture(colourTable(name), 256, 1, RGBAFormat, UnsignedByteType)
  texture.magFilter = NearestFilter
  texture.minFilter = NearestFilter
  texture.needsUpdate = true
  colourTextures.set(name, texture)
  return texture
}

/** A slice on the GPU: one 32-bit float a voxel, so that window and level lose nothing. */
export class SliceTexture {
  #texture: DataTexture | null = null
  #slice: Slice | null = null

  /** The texture of `slice`; uploads only what changed. */
  of(slice: Slice): DataTexture {
    if (this.#texture && this.#slice === slice) return this.#texture
    if (!this.#texture || this.#slice?.rows !== slice.rows || this.#slice.columns !== slice.columns) {
      this.#texture?.dispose()
      this.#texture = new DataTexture(null, slice.columns, slice.rows, RedFormat, FloatType)
      this.#texture.internalFormat = 'R32F'
      this.#texture.magFilter = NearestFilter
      this.#texture.minFilter = NearestFilter
      this.#texture.unpackAlignment = 4
    }
    this.#slice = slice
    this.#texture.image.data = slice.values as Float32Array<ArrayBuffer>
    this.#texture.needsUpdate = true
    return this.#texture
  }

  dispose(): void {
    this.#texture?.dispose()
    this.#texture = null
    this.#slice = null
  }
}
