/**
 * One pass of a Stockham autosort transform (decimation in frequency, forward sign), mixed radix.
 * Source and target hold, for each of `m` groups, `radix` members and `s` interleaved lines:
 *
 *   target[q + s (radix p + k)] = w^(p k) * sum_j source[q + s (p + j m)] * exp(-2 pi i j k / radix),  w = exp(-2 pi i / (radix m))
 *
 * `twiddleRe/Im[p * (radix - 1) + (k - 1)]` holds w^(p k).
 */
export interface Pass {
  readonly radix: number
  readonly m: number
  /** Lines interleaved by the passes before this one; the batch multiplies it. */
  readonly stride: number
  readonly twiddleRe: Float64Array
  readonly twiddleIm: Float64Array
  /** cos and -sin of 2 pi j / radix, for the generic butterfly. */
  readonly rootRe: Float64Array
  readonly rootIm: Float64Array
}

export type Butterfly = (
  pass: Pass,
  s: number,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array
) => void

const radix2: Butterfly = ({ m, twiddleRe, twiddleIm }, s, xr, xi, yr, yi) => {
  const half = s * m
  for (let p = 0; p < m; p++) {
    const wr = twiddleRe[p]
    const wi = twiddleIm[p]
    let from = s * p
    let to = s * 2 * p
    for (let q = 0; q < s; q++, from++, to++) {
      const ar = xr[from]
      const ai = xi[from]
      const br = xr[from + half]
      const bi = xi[from + half]
      const dr = ar - br
      const di = ai - bi
      yr[to] = ar + br
      yi[to] = ai + bi
      yr[to + s] = dr * wr - di * wi
      yi[to + s] = dr * wi + di * wr
    }
  }
}

const radix3: Butterfly = ({ m, twiddleRe, twiddleIm }, s, xr, xi, yr, yi) => {
  const hop = s * m
  const sin60 = Math.sqrt(3) / 2
  for (let p = 0; p < m; p++) {
    const w1r = twiddleRe[2 * p]
    const w1i = twiddleIm[2 * p]
    const w2r = twiddleRe[2 * p + 1]
    const w2i = twiddleIm[2 * p + 1]
    let from = s * p
    let to = s * 3 * p
    for (let q = 0; q < s; q++, from++, to++) {
      const ar = xr[from]
      const ai = xi[from]
      const br = xr[from + hop]
      const bi = xi[from + hop]
      const cr = xr[from + 2 * hop]
      const ci = xi[from + 2 * hop]
      const sr = br + cr
      const si = bi + ci
      const tr = ar - 0.5 * sr
      const ti = ai - 0.5 * si
      const ur = sin60 * (bi - ci)
      const ui = -sin60 * (br - cr)
      yr[to] = ar + sr
      yi[to] = ai + si
      const v1r = tr + ur
      const v1i = ti + ui
      yr[to + s] = v1r * w1r - v1i * w1i
      yi[to + s] = v1r * w1i + v1i * w1r
      const v2r = tr - ur
      const v2i = ti - ui
      yr[to + 2 * s] = v2r * w2r - v2i * w2i
      yi[to + 2 * s] = v2r * w2i + v2i * w2r
    }
  }
}

const radix4: Butterfly = ({ m, twiddleRe, twiddleIm }, s, xr, xi, yr, yi) => {
  const hop = s * m
  for (let p = 0; p < m; p++) {
    const w1r = twiddleRe[3 * p]
    const w1i = twiddleIm[3 * p]
    const w2r = twiddleRe[3 * p + 1]
    const w2i = twiddleIm[3 * p + 1]
    const w3r = twiddleRe[3 * p + 2]
    const w3i = twiddleIm[3 * p + 2]
    let from = s * p
    let to = s * 4 * p
    for (let q = 0; q < s; q++, from++, to++) {
      const ar = xr[from]
      const ai = xi[from]
      const br = xr[from + hop]
      const bi = xi[from + hop]
      const cr = xr[from + 2 * hop]
      const ci = xi[from + 2 * hop]
      const dr = xr[from + 3 * hop]
      const di = xi[from + 3 * hop]
      const acr = ar + cr
      const aci = ai + ci
      const amr = ar - cr
      const ami = ai - ci
      const bdr = br + dr
      const bdi = bi + di
      const bmr = br - dr
      const bmi = bi - di
      yr[to] = acr + bdr
      yi[to] = aci + bdi
      const v1r = amr + bmi
      const v1i = ami - bmr
      yr[to + s] = v1r * w1r - v1i * w1i
      yi[to + s] = v1r * w1i + v1i * w1r
      const v2r = acr - bdr
      const v2i = aci - bdi
      yr[to + 2 * s] = v2r * w2r - v2i * w2i
      yi[to + 2 * s] = v2r * w2i + v2i * w2r
      const v3r = amr - bmi
      const v3i = ami + bmr
      yr[to + 3 * s] = v3r * w3r - v3i * w3i
      yi[to + 3 * s] = v3r * w3i + v3i * w3r
    }
  }
}

/** Any other radix, by the definition: radix^2 operations a group. */
const generic: Butterfly = ({ radix, m, twiddleRe, twiddleIm, rootRe, rootIm }, s, xr, xi, yr, yi) => {
  const hop = s * m
  for (let p = 0; p < m; p++) {
    for (let k = 0; k < radix; k++) {
      const wr = k === 0 ? 1 : twiddleRe[p * (radix - 1) + k - 1]
      const wi = k === 0 ? 0 : twiddleIm[p * (radix - 1) + k - 1]
      let to = s * (radix * p + k)
      for (let q = 0; q < s; q++, to++) {
        let sumRe = 0
        let sumIm = 0
        let from = s * p + q
        let turn = 0
        for (let j = 0; j < radix; j++, from += hop) {
          const cr = rootRe[turn]
          const ci = rootIm[turn]
          sumRe += xr[from] * cr - xi[from] * ci
          sumIm += xr[from] * ci + xi[from] * cr
          turn += k
          if (turn >= radix) turn -= radix
        }
        yr[to] = sumRe * wr - sumIm * wi
        yi[to] = sumRe * wi + sumIm * wr
      }
    }
  }
}

export function butterflyOf(radix: number): Butterfly {
  if (radix === 2) return radix2
  if (radix === 3) return radix3
  if (radix === 4) return radix4
  return generic
}
