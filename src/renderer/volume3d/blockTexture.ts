import { Data3DTexture, FloatType, LinearFilter, NearestFilter, RedFormat, RGFormat, UnsignedByteType } from 'three'
import type { WebGLRenderer } from 'three'
import type { XYZ } from '../../shared/axes.ts'
import type { Bricks } from './bricks.ts'
import { bytesOf, type Voxels } from './voxels/codes.ts'

const largeBytes = 1 << 27

/** Values on the GPU: 32-bit floats, one or two a texel, interpolated between texels where the driver can. */
export function gridTexture(data: Float32Array, size: XYZ, channels: 1 | 2, canInterpolate: boolean): Data3DTexture {
  const texture = new Data3DTexture(data as Float32Array<ArrayBuffer>, size.x, size.y, size.z)
  setFloats(texture, channels, canInterpolate)
  texture.needsUpdate = true
  return texture
}

function setFloats(texture: Data3DTexture, channels: 1 | 2, canInterpolate: boolean): void {
  texture.format = channels === 1 ? RedFormat : RGFormat
  texture.type = FloatType
  texture.internalFormat = channels === 1 ? 'R32F' : 'RG32F'
  texture.minFilter = texture.magFilter = canInterpolate ? LinearFilter : NearestFilter
  texture.unpackAlignment = 4
}

/**
 * Voxels on the GPU, sent slab by slab. Floats as they are; of codes the low byte in the red and the high byte in the green channel, which
 * every card interpolates at full speed, each by itself: (red + 256 green) / 257 is then the code interpolated, as a share of 65535.
 */
export class VoxelTexture {
  readonly texture: Data3DTexture
  readonly #voxels: Voxels
  readonly #size: XYZ
  /** What the slabs were sent to: another one after the context was lost. */
  #sentTo: WebGLTexture | null = null
  #sent = 0
  /** There was no room for it. */
  isRefused = false

  constructor(voxels: Voxels, size: XYZ, canInterpolate: boolean) {
    this.#voxels = voxels
    this.#size = size
    this.texture = new Data3DTexture(null, size.x, size.y, size.z)
    if (voxels.codes) {
      this.texture.format = RGFormat
      this.texture.type = UnsignedByteType
      this.texture.internalFormat = 'RG8'
      this.texture.minFilter = this.texture.magFilter = LinearFilter
    } else setFloats(this.texture, 1, canInterpolate)
    // Room is made for it, and filled below.
    this.texture.source.dataReady = false
    this.texture.needsUpdate = true
  }

  /** Sends slabs until so many bytes went in this turn. Returns whether all are there. */
  send(gl: WebGLRenderer, bytes: number): boolean {
    const { slabs, codes } = this.#voxels
    const handleOf = () => (gl.properties.get(this.texture) as { __webglTexture?: WebGLTexture }).__webglTexture ?? null
    const context = gl.getContext() as WebGL2RenderingContext
    if (handleOf() === null) {
      gl.initTexture(this.texture)
      // Asking for errors makes the window wait for the driver; small ones are not refused.
      if (bytesOf(this.#voxels) > largeBytes) this.isRefused = context.getError() === context.OUT_OF_MEMORY
    }
    const handle = handleOf()
    if (!handle || this.isRefused) return false
    if (handle !== this.#sentTo) {
      this.#sentTo = handle
      this.#sent = 0
    }
    if (this.#sent === slabs.length) return true
    const { x, y } = this.#size
    const target = context.TEXTURE_3D
    gl.state.bindTexture(target, handle)
    for (const option of [context.UNPACK_FLIP_Y_WEBGL, context.UNPACK_PREMULTIPLY_ALPHA_WEBGL])
      context.pixelStorei(option, false)
    context.pixelStorei(context.UNPACK_ALIGNMENT, 1)
    for (const option of [context.UNPACK_ROW_LENGTH, context.UNPACK_IMAGE_HEIGHT]) context.pixelStorei(option, 0)
    let z = slabs.slice(0, this.#sent).reduce((sum, { length }) => sum + length, 0) / (x * y)
    for (let left = bytes; left > 0 && this.#sent < slabs.length; this.#sent++) {
      const slab = slabs[this.#sent]
      const planes = slab.length / (x * y)
      if (codes) {
        const pairs = new Uint8Array(slab.buffer, slab.byteOffset, slab.byteLength)
        context.texSubImage3D(target, 0, 0, 0, z, x, y, planes, context.RG, context.UNSIGNED_BYTE, pairs)
      } else context.texSubImage3D(target, 0, 0, 0, z, x, y, planes, context.RED, context.FLOAT, slab)
      z += planes
      left -= slab.byteLength
    }
    return this.#sent === slabs.length
  }
}

export function brickTexture({ count, extremes }: Bricks): Data3DTexture {
  return gridTexture(extremes, count, 2, false)
}

/** Pairs of bytes, looked up by texel. */
export function pairTexture(pairs: Uint8Array<ArrayBuffer>, size: XYZ): Data3DTexture {
  const texture = new Data3DTexture(pairs, size.x, size.y, size.z)
  texture.format = RGFormat
  texture.type = UnsignedByteType
  texture.internalFormat = 'RG8'
  texture.minFilter = texture.magFilter = NearestFilter
  texture.unpackAlignment = 1
  texture.needsUpdate = true
  return texture
}
