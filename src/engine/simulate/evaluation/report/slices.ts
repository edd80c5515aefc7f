import { encode } from 'fast-png'
import type { ZYX } from '../../../../shared/axes.ts'
import { element, escaped } from './markup.ts'

export interface Picture {
  readonly name: string
  readonly values: Float32Array
  readonly low: number
  readonly high: number
}

/** The middle XZ slice, where the wedge shows: x to the right, z upwards. */
export function slicePicture({ name, values, low, high }: Picture, size: ZYX): string {
  const [depth, height, width] = size
  const y = Math.floor(height / 2)
  const data = new Uint8Array(depth * width)
  for (let z = 0; z < depth; z++)
    for (let x = 0; x < width; x++) {
      const share = (values[(z * height + y) * width + x] - low) / (high - low || 1)
      data[(depth - 1 - z) * width + x] = Math.round(255 * Math.min(1, Math.max(0, share)))
    }
  const png = Buffer.from(encode({ width, height: depth, data, channels: 1, depth: 8 }))
  const caption = escaped(`${name} (${low.toPrecision(3)} to ${high.toPrecision(3)})`)
  return element(
    'figure',
    {},
    element('img', {
      src: `data:image/png;base64,${png.toString('base64')}`,
      width: Math.max(160, Math.min(320, 2 * width)),
      alt: `Middle XZ slice: ${name}`
    }),
    element('figcaption', {}, caption)
  )
}

/** Grey values that 1 and 99 per cent of the voxels lie below. */
export function robustRange(values: Float32Array): { low: number; high: number } {
  const stride = Math.max(1, Math.floor(values.length / 100_000))
  const sorted = Float32Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => values[i * stride]).sort()
  return { low: sorted[Math.floor(0.01 * (sorted.length - 1))], high: sorted[Math.ceil(0.99 * (sorted.length - 1))] }
}
