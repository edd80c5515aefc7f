import { butterflyOf, type Butterfly, type Pass } from './butterflies.ts'

/** Forward transform, unnormalised, in place, of `batch` interleaved lines: member k of line b is at k * batch + b. */
export type ForwardTransform = (re: Float64Array, im: Float64Array, batch: number) => void

function passesOf(n: number, radices: readonly number[]): Pass[] {
  const passes: Pass[] = []
  let length = n
  let stride = 1
  for (const radix of radices) {
    const m = length / radix
    const twiddleRe = new Float64Array(m * (radix - 1))
    const twiddleIm = new Float64Array(m * (radix - 1))
    for (let p = 0; p < m; p++) {
      for (let k = 1; k < radix; k++) {
        const angle = (-2 * Math.PI * ((p * k) % length)) / length
        twiddleRe[p * (radix - 1) + k - 1] = Math.cos(angle)
        twiddleIm[p * (radix - 1) + k - 1] = Math.sin(angle)
      }
    }
    const rootRe = Float64Array.from({ length: radix }, (_, j) => Math.cos((2 * Math.PI * j) / radix))
    const rootIm = Float64Array.from({ length: radix }, (_, j) => -Math.sin((2 * Math.PI * j) / radix))
    passes.push({ radix, m, stride, twiddleRe, twiddleIm, rootRe, rootIm })
    length = m
    stride *= radix
  }
  return passes
}

/** Mixed-radix Stockham transform: sorted output without a bit-reversal pass, and lines of a batch side by side in the inner loop. */
export function stockhamTransform(n: number, radices: readonly number[]): ForwardTransform {
  const steps: { pass: Pass; butterfly: Butterfly }[] = passesOf(n, radices).map((pass) => ({
    pass,
    butterfly: butterflyOf(pass.radix)
  }))
  let workRe: Float64Array = new Float64Array(0)
  let workIm: Float64Array = new Float64Array(0)
  return (re, im, batch) => {
    const count = n * batch
    if (workRe.length < count) {
      workRe = new Float64Array(count)
      workIm = new Float64Array(count)
    }
    let [xr, xi, yr, yi] = [re, im, workRe, workIm]
    for (const { pass, butterfly } of steps) {
      butterfly(pass, pass.stride * batch, xr, xi, yr, yi)
      ;[xr, xi, yr, yi] = [yr, yi, xr, xi]
    }
    if (xr === re) return
    for (let i = 0; i < count; i++) {
      re[i] = xr[i]
      im[i] = xi[i]
    }
  }
}
