export type Rgb = readonly [red: number, green: number, blue: number]

/** Colours behind a volume at the bottom and at the top of its picture; sRGB, 0 to 1. Of figures by their background, of the window by its theme. */
export const gradients: Readonly<Record<'black' | 'white', readonly [bottom: Rgb, top: Rgb]>> = {
  black: [
    [0.05, 0.05, 0.05],
    [0.3, 0.3, 0.3]
  ],
  white: [
    [1, 1, 1],
    [0.72, 0.72, 0.72]
  ]
}
