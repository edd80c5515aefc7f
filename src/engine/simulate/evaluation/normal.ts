/** Density of the standard normal. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
}

/** Distribution function of the standard normal, absolute error about 1e-16. */
export function normalDistribution(z: number): number {
  const upper = normalTail(Math.abs(z))
  return z > 0 ? 1 - upper : upper
}

/** P(Z > z), z >= 0: a Taylor-like series near 0 (Marsaglia 2004), Lentz's continued fraction beyond. */
function normalTail(z: number): number {
  if (z < 3) {
    let term = z
    let sum = z
    for (let n = 3; Math.abs(term) > 1e-17 * sum; n += 2) {
      term *= (z * z) / n
      sum += term
    }
    return 0.5 - sum * normalDensity(z)
  }
  let fraction = 0
  for (let n = 60; n >= 1; n--) fraction = n / (z + fraction)
  return normalDensity(z) / (z + fraction)
}
