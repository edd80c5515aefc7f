/** The reader of omggif 1.0.10; it has no types of its own. */
declare module 'omggif' {
  export class GifReader {
    constructor(bytes: Uint8Array)
    readonly width: number
    readonly height: number
    numFrames(): number
    /** `delay` in hundredths of a second. */
    frameInfo(frame: number): { delay: number; width: number; height: number }
    decodeAndBlitFrameRGBA(frame: number, pixels: Uint8Array): void
  }
}
