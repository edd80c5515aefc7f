import { normalQuantile } from '../../posterior/normal-quantile.ts'

/** log Gamma(x) for x > 0: Lanczos, g = 7, nine terms; relative error about 1e-15. */
function logGamma(x: number): number {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
  ]
  const t = x + 6.5
  const sum = terms.reduce((total, term, i) => total + term / (x + i), 0.99999999999980993)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const tiny = 1e-300
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a)
  )
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let fraction = d
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    const change = d * c
    fraction *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return front * fraction
}

/** P(|T| < t) of Student's t with `degrees` > 0 degrees of freedom, t >= 0; any real number of degrees. */
export function studentCentral(t: number, degrees: number): number {
  return 1 - incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/** The half-width t with P(|T| < t) = level, by bisection; Infinity degrees: the normal's. */
export function studentHalfWidth(level: number, degrees: number): number {
  const normal = normalQuantile((1 + level) / 2)
  if (degrees > 1e7) return normal
  let low = 0
  let high = 2 * normal
  while (studentCentral(high, degrees) < level) {
    if (high > 1e12) return Infinity
    high *= 2
  }
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2
    if (studentCentral(middle, degrees) < level) low = middle
    else high = middle
  }
  return (low + high) / 2
}
