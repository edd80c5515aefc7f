import {
  Camera as SceneCamera,
  ConstantAlphaFactor,
  CustomBlending,
  DataTexture,
  FloatType,
  HalfFloatType,
  LinearFilter,
  Mesh,
  NearestFilter,
  OneMinusConstantAlphaFactor,
  RGBAFormat,
  Scene,
  UnsignedByteType,
  WebGLRenderTarget
} from 'three'
import type { Vector2, WebGLRenderer } from 'three'
import { colourTexture, coveringTriangle } from '../slices/sliceMaterial.ts'
import { BlocksOnGpu, spaceIn, type GridOnGpu } from './blockOnGpu.ts'
import { copyMaterial, marchingMaterial, modeNumbers } from './marchingMaterial.ts'
import { setMarchingUniforms, type VolumeScene } from './marchingUniforms.ts'
import type { CrossingCells } from '../../shared/level-crossing.ts'
import { transferTable, visibleRange } from '../../shared/transfer-function.ts'
import type { VolumeLook, VolumeMode } from '../stores/volumeView.ts'

/** Frames whose mean is the finished picture: each samples its rays elsewhere. */
export const refinements = 6

/** Until it is known where a surface may lie. */
const noCells: CrossingCells = { size: { x: 1, y: 1, z: 1 }, values: new Float32Array(2) }

/** Texels a step. */
const stillStep = 1
const movingStep = 1.5

/** The transfer function on the GPU, and what it was made from. */
interface Transfer {
  opacity: VolumeLook['opacity']
  colourMap: VolumeLook['colourMap']
  texelsAStep: number
  texture: DataTexture
  /** Shares of the range between which anything is visible. */
  visible: [from: number, to: number]
}

/**
 * A 3-D pane's picture. Rays are marched into a target of their own, coarser while the camera moves; once still, frames with jittered rays
 * are averaged in it until it is smooth.
 */
export class DrawnVolume {
  readonly #marching = marchingMaterial()
  readonly #copy = copyMaterial()
  readonly #geometry = coveringTriangle()
  readonly #marchingScene = new Scene()
  readonly #copyScene = new Scene()
  readonly #camera = new SceneCamera()
  readonly #blocks: BlocksOnGpu
  #transfer: Transfer | null = null
  #target: WebGLRenderTarget | null = null
  #drawn = ''
  #bound: readonly unknown[] = []
  #grid: GridOnGpu | null = null
  #frame = 0
  /** Share of the pane's resolution while it moves; follows how long frames take. */
  #movingScale = 0.5
  #lastFrame = 0

  /** `onChange`: something that takes its time is ready, draw again. */
  constructor(onChange: () => void) {
    this.#blocks = new BlocksOnGpu(onChange)
    this.#marchingScene.add(covering(this.#geometry, this.#marching.material))
    this.#copyScene.add(covering(this.#geometry, this.#copy.material))
    this.#marching.material.blending = CustomBlending
    this.#marching.material.blendSrc = ConstantAlphaFactor
    this.#marching.material.blendDst = OneMinusConstantAlphaFactor
  }

  /** Draws, or refines what is drawn. Returns whether the picture is finished. */
  draw(gl: WebGLRenderer, scene: VolumeScene, width: number, height: number, moving: boolean): boolean {
    const now = performance.now()
    if (moving) this.#adapt(now - this.#lastFrame)
    this.#lastFrame = now
    const scale = moving ? this.#movingScale : 1
    const { uniforms, material } = this.#marching
    const mode = modeNumbers[scene.model.look.mode]
    if (material.defines.MODE !== mode) {
      material.defines.MODE = mode
      material.needsUpdate = true
    }
    if (!this.#bind(gl, scene)) {
      // On its way to the graphics card: what was drawn before stays until then.
      this.#show(gl, width, height)
      return false
    }
    const target = this.#sized(gl, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
    uniforms.uColours.value = colourTexture(scene.model.look.colourMap)
    uniforms.uTintColours.value = colourTexture(scene.tintColours)
    const texelsAStep = moving ? movingStep : stillStep
    const transfer = this.#transferOf(scene, texelsAStep)
    uniforms.uTransfer.value = transfer.texture
    uniforms.uSize.value.set(target.width, target.height)
    uniforms.uStep.value = texelsAStep
    setMarchingUniforms(uniforms, scene)
    setVisible(uniforms.uVisible.value, scene.model.look.mode, uniforms.uRange.value, transfer.visible)
    this.#setSpace(scene.model.look.mode)

    const key = `${scene.key}|${target.width}x${target.height}|${moving}`
    if (key !== this.#drawn) {
      this.#drawn = key
      this.#frame = 0
    }
    const last = moving ? 1 : refinements
    if (this.#frame < last) {
      uniforms.uFrame.value = this.#frame
      material.blendAlpha = 1 / (this.#frame + 1)
      gl.setRenderTarget(target)
      // What is there is averaged with, not cleared.
      gl.autoClear = false
      gl.render(this.#marchingScene, this.#camera)
      gl.setRenderTarget(null)
      this.#frame++
    }
    this.#show(gl, width, height)
    return !moving && this.#frame >= last
  }

  #show(gl: WebGLRenderer, width: number, height: number): void {
    if (!this.#target) return
    this.#copy.uniforms.uViewport.value.set(0, 0, width, height)
    this.#copy.uniforms.uPicture.value = this.#target.texture
    gl.render(this.#copyScene, this.#camera)
  }

  /** Whether the graphics card refused to hold what was to be drawn. */
  get lacksRoom(): boolean {
    return this.#blocks.lacksRoom
  }

  /** What was drawn is gone: the next frame begins anew. */
  forget(): void {
    this.#drawn = ''
  }

  /** Returns whether all voxels are there; where others are drawn than before, the picture begins anew. */
  #bind(gl: WebGLRenderer, { block, tintBlock, crossing, model }: VolumeScene): boolean {
    const { uniforms, material } = this.#marching
    const canInterpolate = gl.extensions.has('OES_texture_float_linear')
    const cells = model.look.mode === 'crossing' ? (crossing?.cells ?? noCells) : null
    const tint = tintBlock && this.#blocks.block(gl, tintBlock, canInterpolate)
    const base = this.#blocks.block(gl, block, canInterpolate)
    this.#blocks.letGo([block, tintBlock])
    if (!base || (tintBlock && !tint)) return false
    const grid = cells ? this.#blocks.cells(cells, cells.values, cells.size, canInterpolate) : base
    uniforms.uVolume.value = base.texture
    uniforms.uVolumeCoded.value = base.coded
    uniforms.uGrid.value = grid.texture
    const coded = grid.coded ? 1 : 0
    if (material.defines.CODED !== coded) {
      material.defines.CODED = coded
      material.needsUpdate = true
    }
    uniforms.uHasBricks.value = grid.bricks !== null
    uniforms.uBricks.value = grid.bricks?.coarse ?? null
    uniforms.uFineBricks.value = grid.bricks?.fine ?? null
    uniforms.uTint.value = tint?.texture ?? null
    uniforms.uTintCoded.value = tint?.coded ?? false
    uniforms.uHasTint.value = tint !== null
    this.#grid = grid
    const bound = [block, tintBlock, cells]
    if (bound.some((owner, i) => owner !== this.#bound[i])) this.forget()
    this.#bound = bound
    return true
  }

  /** Where nothing is drawn; a maximum finds its own way. */
  #setSpace(mode: VolumeMode): void {
    const { uSpace, uLevel, uVisible } = this.#marching.uniforms
    const bricks = this.#grid?.bricks
    if (!bricks || mode === 'maximum' || mode === 'average') return
    const { x: from, y: to } = uVisible.value
    // As the shader has them: extremes are 32-bit floats too.
    uSpace.value = spaceIn(
      bricks,
      mode === 'surface' ? { level: Math.fround(uLevel.value) } : { from: Math.fround(from), to: Math.fround(to) }
    )
  }

  /** Frames beyond 50 ms feel like a slide show; a picture coarser than a quarter shows nothing. */
  #adapt(milliseconds: number): void {
    if (milliseconds > 400) return
    if (milliseconds > 50) this.#movingScale = Math.max(0.25, this.#movingScale * 0.8)
    else if (milliseconds < 24) this.#movingScale = Math.min(1, this.#movingScale * 1.1)
  }

  #sized(gl: WebGLRenderer, width: number, height: number): WebGLRenderTarget {
    if (this.#target?.width === width && this.#target.height === height) return this.#target
    this.#target?.dispose()
    this.#target = new WebGLRenderTarget(width, height, {
      type: gl.extensions.has('EXT_color_buffer_float') ? HalfFloatType : UnsignedByteType,
      minFilter: LinearFilter,
      magFilter: LinearFilter,
      depthBuffer: false
    })
    this.#drawn = ''
    return this.#target
  }

  #transferOf({ model: { look } }: VolumeScene, texelsAStep: number): Transfer {
    const { opacity, colourMap } = look
    const before = this.#transfer
    if (before?.opacity === opacity && before.colourMap === colourMap && before.texelsAStep === texelsAStep)
      return before
    before?.texture.dispose()
    const table = transferTable(opacity, colourMap) as Float32Array<ArrayBuffer>
    const visible = visibleRange(table)
    // A step is as opaque as the texels that it passes.
    for (let i = 3; i < table.length; i += 4) table[i] = 1 - (1 - Math.min(table[i], 0.9999)) ** texelsAStep
    const texture = new DataTexture(table, 256, 1, RGBAFormat, FloatType)
    texture.minFilter = texture.magFilter = NearestFilter
    texture.needsUpdate = true
    this.#transfer = { opacity, colourMap, texelsAStep, texture, visible }
    return this.#transfer
  }

  dispose(): void {
    this.#blocks.dispose()
    this.#transfer?.texture.dispose()
    this.#target?.dispose()
    this.#marching.material.dispose()
    this.#copy.material.dispose()
    this.#geometry.dispose()
  }
}

/** The values that the transfer function, or a probability, makes visible. Beyond the range everything has the colour of its end. */
function setVisible(
  visible: Vector2,
  mode: VolumeMode,
  { x: first, y: last }: Vector2,
  shares: [number, number]
): void {
  if (mode === 'crossing') visible.set(1e-6, 1)
  else if (shares[0] > shares[1]) visible.set(beyond, -beyond)
  else {
    const outside = first <= last ? beyond : -beyond
    const ends = shares.map((share) => (share <= 0 ? -outside : share >= 1 ? outside : first + share * (last - first)))
    visible.set(Math.min(...ends), Math.max(...ends))
  }
}

/** As far as a 32-bit float goes. */
const beyond = 3e38

function covering(geometry: Mesh['geometry'], material: Mesh['material']): Mesh {
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  return mesh
}
