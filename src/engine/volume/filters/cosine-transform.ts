import { fftPlan } from '../../fourier/plan.ts'

/**
 * The cosine transform of `batch` interleaved real lines of length n (member k of line b at k * batch + b), in place, in float64:
 *
 *   forward (DCT-II):  C[k] = sum_i x[i] cos(pi k (2 i + 1) / (2 n))
 *   inverse:           its inverse
 *
 * It is the Fourier transform of a line mirrored at its ends, d c b a | a b c d, at a quarter of the cost: index k is k / (2 n) cycles per
 * sample, and multiplying by a symmetric response filters the mirrored line. Through one FFT of n (Makhoul 1980), two lines
 * as one complex line.
 */
export function cosineTransform(lines: Float64Array, n: number, batch: number, direction: 'forward' | 'inverse'): void {
  if (n === 1) return
  const pairs = Math.ceil(batch / 2)
  const re = new Float64Array(n * pairs)
  const im = new Float64Array(n * pairs)
  const plan = fftPlan(n)
  /** Where sample i of a line goes: even ones in order, odd ones backwards from the end. */
  const place = (i: number): number => (i % 2 === 0 ? i / 2 : n - (i + 1) / 2)
  const seconds = batch - pairs
  if (direction === 'forward') {
    for (let i = 0; i < n; i++) {
      const to = place(i) * pairs
      for (let b = 0; b < pairs; b++) re[to + b] = lines[i * batch + b]
      for (let b = 0; b < seconds; b++) im[to + b] = lines[i * batch + pairs + b]
    }
    plan.forward(re, im, pairs)
    for (let k = 0; k < n; k++) {
      const cos = Math.cos((Math.PI * k) / (2 * n))
      const sin = Math.sin((Math.PI * k) / (2 * n))
      const opposite = ((n - k) % n) * pairs
      for (let b = 0; b < pairs; b++) {
        const [zr, zi, or, oi] = [re[k * pairs + b], im[k * pairs + b], re[opposite + b], im[opposite + b]]
        lines[k * batch + b] = ((zr + or) * cos + (zi - oi) * sin) / 2
        if (b < seconds) lines[k * batch + pairs + b] = ((zi + oi) * cos - (zr - or) * sin) / 2
      }
    }
    return
  }
  for (let k = 0; k < n; k++) {
    const cos = Math.cos((Math.PI * k) / (2 * n))
    const sin = Math.sin((Math.PI * k) / (2 * n))
    for (let b = 0; b < pairs; b++) {
      const a = lines[k * batch + b]
      const aOpposite = k === 0 ? 0 : lines[(n - k) * batch + b]
      const c = b < seconds ? lines[k * batch + pairs + b] : 0
      const cOpposite = k === 0 || b >= seconds ? 0 : lines[(n - k) * batch + pairs + b]
      // (C[k] - i C[n - k]) exp(i pi k / 2n) of the first line, plus i times that of the second.
      const [ar, ai] = [a * cos + aOpposite * sin, a * sin - aOpposite * cos]
      const [cr, ci] = [c * cos + cOpposite * sin, c * sin - cOpposite * cos]
      re[k * pairs + b] = ar - ci
      im[k * pairs + b] = ai + cr
    }
  }
  plan.inverse(re, im, pairs)
  for (let i = 0; i < n; i++) {
    const from = place(i) * pairs
    for (let b = 0; b < pairs; b++) lines[i * batch + b] = re[from + b]
    for (let b = 0; b < seconds; b++) lines[i * batch + pairs + b] = im[from + b]
  }
}
