import { decode, encode } from 'fast-png'
import { withResolution } from './png.ts'

/** A figure's pixels in 16 bits a channel: RGB, top row first. */
export interface DeepPixels {
  width: number
  height: number
  rgb: Uint16Array
}

/** Joins two drawings of a figure, whose slices hold the high and the low bytes of their colours; everything else is alike in both. */
export function joinedBytes(high: Uint8Array, low: Uint8Array): DeepPixels {
  const a = decode(high)
  const b = decode(low)
  const rgb = new Uint16Array(a.width * a.height * 3)
  for (let pixel = 0; pixel < a.width * a.height; pixel++)
    for (let i = 0; i < 3; i++)
      rgb[pixel * 3 + i] = a.data[pixel * a.channels + i] * 256 + b.data[pixel * b.channels + i]
  return { width: a.width, height: a.height, rgb }
}

export function deepPng({ width, height, rgb }: DeepPixels, dpi: number): Uint8Array {
  return withResolution(encode({ width, height, data: rgb, channels: 3, depth: 16 }), dpi)
}
