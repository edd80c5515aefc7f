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

const cos72 = Math.cos((2 * Math.PI) / 5)
const cos144 = Math.cos((4 * Math.PI) / 5)
const sin72 = Math.sin((2 * Math.PI) / 5)
const sin144 = Math.sin((4 * Math.PI) / 5)

const radix5: Butterfly = ({ m, twiddleRe, twiddleIm }, s, xr, xi, yr, yi) => {
  const hop = s * m
  for (let p = 0; p < m; p++) {
    const w = 4 * p
    for (let q = 0; q < s; q++) {
      const from = s * p + q
      const to = s * 5 * p + q
      const ar = xr[from]
      const ai = xi[from]
      const p1r = xr[from + hop] + xr[from + 4 * hop]
      const p1i = xi[from + hop] + xi[from + 4 * hop]
      const m1r = xr[from + hop] - xr[from + 4 * hop]
      const m1i = xi[from + hop] - xi[from + 4 * hop]
      const p2r = xr[from + 2 * hop] + xr[from + 3 * hop]
      const p2i = xi[from + 2 * hop] + xi[from + 3 * hop]
      const m2r = xr[from + 2 * hop] - xr[from + 3 * hop]
      const m2i = xi[from + 2 * hop] - xi[from + 3 * hop]
      yr[to] = ar + p1r + p2r
      yi[to] = ai + p1i + p2i
      const c1r = ar + cos72 * p1r + cos144 * p2r
      const c1i = ai + cos72 * p1i + cos144 * p2i
      const c2r = ar + cos144 * p1r + cos72 * p2r
      const c2i = ai + cos144 * p1i + cos72 * p2i
      const s1r = sin72 * m1r + sin144 * m2r
      const s1i = sin72 * m1i + sin144 * m2i
      const s2r = sin144 * m1r - sin72 * m2r
      const s2i = sin144 * m1i - sin72 * m2i
      rotate(yr, yi, to + s, c1r + s1i, c1i - s1r, twiddleRe[w], twiddleIm[w])
      rotate(yr, yi, to + 2 * s, c2r + s2i, c2i - s2r, twiddleRe[w + 1], twiddleIm[w + 1])
      rotate(yr, yi, to + 3 * s, c2r - s2i, c2i + s2r, twiddleRe[w + 2], twiddleIm[w + 2])
      rotate(yr, yi, to + 4 * s, c1r - s1i, c1i + s1r, twiddleRe[w + 3], twiddleIm[w + 3])
    }
  }
}

function rotate(yr: Float64Array, yi: Float64Array, at: number, re: number, im: number, wr: number, wi: number): void {
  yr[at] = re * wr - im * wi
  yi[at] = re * wi + im * wr
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
  if (radix === 5) return radix5
  return generic
}
