/**
 * Diverging colours for differences, made by rule in CIELAB (D65): from an almost white middle lightness falls and chroma grows
 * in proportion to the distance, in two hues. So equal steps of the value are equal steps in colour (CIE 1976), the two sides mirror
 * each other in lightness, and blue against orange-red stays apart in the common colour deficiencies.
 */

type Rgb = readonly [red: number, green: number, blue: number]

const middleLightness = 95
const endLightness = 38
const endChroma = 56
const hueDegrees = { low: 285, high: 38 }

/** The colour at `share` of the range, 0 to 1, as sRGB bytes; 0.5 is the middle. */
export function blueRed(share: number): Rgb {
  const away = Math.abs(2 * share - 1)
  const hue = ((share < 0.5 ? hueDegrees.low : hueDegrees.high) * Math.PI) / 180
  const lightness = middleLightness + (endLightness - middleLightness) * away
  return srgbOf(lightness, endChroma * away * Math.cos(hue), endChroma * away * Math.sin(hue))
}

function srgbOf(lightness: number, a: number, b: number): Rgb {
  const fy = (lightness + 16) / 116
  const linear = (f: number): number => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29))
  const x = 0.95047 * linear(fy + a / 500)
  const y = linear(fy)
  const z = 1.08883 * linear(fy - b / 200)
  return [
    byteOf(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    byteOf(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    byteOf(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)
  ]
}

function byteOf(linear: number): number {
  const share = Math.min(1, Math.max(0, linear))
  return Math.round(255 * (share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055))
}
