import { Data3DTexture, FloatType, LinearFilter, NearestFilter, RedFormat, RGFormat } from 'three'
import type { XYZ } from '../../shared/axes.ts'
import type { Bricks } from './bricks.ts'

/** Values on the GPU: 32-bit floats, one or two a texel, interpolated between texels where the driver can. */
export function gridTexture(data: Float32Array, size: XYZ, channels: 1 | 2, canInterpolate: boolean): Data3DTexture {
  const texture = new Data3DTexture(data as Float32Array<ArrayBuffer>, size.x, size.y, size.z)
  texture.format = channels === 1 ? RedFormat : RGFormat
  texture.type = FloatType
  texture.internalFormat = channels === 1 ? 'R32F' : 'RG32F'
  texture.minFilter = texture.magFilter = canInterpolate ? LinearFilter : NearestFilter
  texture.unpackAlignment = 4
  texture.needsUpdate = true
  return texture
}

export function brickTexture({ count, extremes }: Bricks): Data3DTexture {
  const texture = new Data3DTexture(extremes as Float32Array<ArrayBuffer>, count.x, count.y, count.z)
  texture.format = RGFormat
  texture.type = FloatType
  texture.internalFormat = 'RG32F'
  texture.minFilter = texture.magFilter = NearestFilter
  texture.unpackAlignment = 4
  texture.needsUpdate = true
  return texture
}
