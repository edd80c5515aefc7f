/** The part of gifenc 1.0.3 that is used; it has no types of its own. */
declare module 'gifenc' {
  type Palette = number[][]

  interface Encoder {
    writeHeader(): void
    /** `delay` in ms, `first` where `auto` is off. */
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; delay: number; first: boolean; repeat: number }
    ): void
    finish(): void
    /** A copy of what was written since the last reset. */
    bytes(): Uint8Array
    reset(): void
  }

  export function GIFEncoder(options: { auto: boolean }): Encoder
  export function quantize(rgba: Uint8ClampedArray, maxColors: number): Palette
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array
}
