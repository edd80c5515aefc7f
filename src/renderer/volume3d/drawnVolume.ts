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
import type { Data3DTexture, WebGLRenderer } from 'three'
import { colourTexture, coveringTriangle } from '../slices/sliceMaterial.ts'
import { blockTexture, brickTexture } from './blockTexture.ts'
import { findBricks } from './bricks.ts'
import type { LoadedBlock } from './loadBlock.ts'
import { copyMaterial, marchingMaterial } from './marchingMaterial.ts'
import { setMarchingUniforms, type VolumeScene } from './marchingUniforms.ts'
import { transferTable, visibleRange } from '../../shared/transfer-function.ts'
import type { VolumeLook } from '../stores/volumeView.ts'

/** Frames whose mean is the finished picture: each samples its rays elsewhere. */
export const refinements = 6

/** The transfer function on the GPU, and what it was made from. */
interface Transfer {
  opacity: VolumeLook['opacity']
  colourMap: VolumeLook['colourMap']
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
  readonly #base: BlockOnGpu
  readonly #tint: BlockOnGpu
  #transfer: Transfer | null = null
  #target: WebGLRenderTarget | null = null
  #drawn = ''
  #frame = 0
  /** Share of the pane's resolution while it moves; follows how long frames take. */
  #movingScale = 0.5
  #lastFrame = 0

  /** `onChange`: something that takes its time is ready, draw again. */
  constructor(onChange: () => void) {
    this.#base = new BlockOnGpu(onChange)
    this.#tint = new BlockOnGpu(onChange)
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
    const target = this.#sized(gl, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
    const { uniforms, material } = this.#marching
    const canInterpolate = gl.extensions.has('OES_texture_float_linear')
    this.#base.hold(scene.block, canInterpolate)
    this.#tint.hold(scene.tintBlock, canInterpolate)
    uniforms.uVolume.value = this.#base.texture
    uniforms.uTint.value = this.#tint.texture
    uniforms.uHasTint.value = this.#tint.texture !== null
    uniforms.uHasBricks.value = this.#base.bricks !== null
    uniforms.uBricks.value = this.#base.bricks
    uniforms.uColours.value = colourTexture(scene.model.look.colourMap)
    uniforms.uTintColours.value = colourTexture(scene.tintColours)
    const transfer = this.#transferOf(scene)
    uniforms.uTransfer.value = transfer.texture
    uniforms.uVisible.value.set(...transfer.visible)
    uniforms.uSize.value.set(target.width, target.height)
    uniforms.uStep.value = moving ? 1.5 : 0.75
    setMarchingUniforms(uniforms, scene)

    const key = `${scene.key}|${target.width}x${target.height}|${moving}|${this.#base.version}|${this.#tint.version}`
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
    this.#copy.uniforms.uViewport.value.set(0, 0, width, height)
    this.#copy.uniforms.uPicture.value = target.texture
    gl.render(this.#copyScene, this.#camera)
    return !moving && this.#frame >= last
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

  #transferOf({ model: { look } }: VolumeScene): Transfer {
    const { opacity, colourMap } = look
    if (this.#transfer && this.#transfer.opacity === opacity && this.#transfer.colourMap === colourMap)
      return this.#transfer
    this.#transfer?.texture.dispose()
    const table = transferTable(opacity, colourMap) as Float32Array<ArrayBuffer>
    const texture = new DataTexture(table, 256, 1, RGBAFormat, FloatType)
    texture.minFilter = texture.magFilter = NearestFilter
    texture.needsUpdate = true
    this.#transfer = { opacity, colourMap, texture, visible: visibleRange(table) }
    return this.#transfer
  }

  dispose(): void {
    this.#base.dispose()
    this.#tint.dispose()
    this.#transfer?.texture.dispose()
    this.#target?.dispose()
    this.#marching.material.dispose()
    this.#copy.material.dispose()
    this.#geometry.dispose()
  }
}

function covering(geometry: Mesh['geometry'], material: Mesh['material']): Mesh {
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  return mesh
}

/** A block's texture, and its bricks once they are known. */
class BlockOnGpu {
  texture: Data3DTexture | null = null
  bricks: Data3DTexture | null = null
  /** Grows with everything that changes the picture. */
  version = 0
  #block: LoadedBlock | null = null
  #finding: AbortController | null = null
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  hold(block: LoadedBlock | null, canInterpolate: boolean): void {
    if (block === this.#block) return
    this.dispose()
    this.#block = block
    this.version++
    if (!block) return
    this.texture = blockTexture(block.data, block.size, canInterpolate)
    const finding = new AbortController()
    this.#finding = finding
    void findBricks(block.data, block.size, finding.signal).then((bricks) => {
      if (!bricks || finding.signal.aborted) return
      // Bricks change how fast rays are, not what they find: no new version.
      this.bricks = brickTexture(bricks)
      this.#onChange()
    })
  }

  dispose(): void {
    this.#finding?.abort()
    this.texture?.dispose()
    this.bricks?.dispose()
    this.texture = this.bricks = null
    this.#block = null
  }
}
