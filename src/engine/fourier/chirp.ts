import { stockhamTransform, type ForwardTransform } from './stockham.ts'
import { radicesOf } from './factor.ts'

/**
 * Bluestein's chirp transform: a DFT of any length as a convolution of a power-of-two length. Used where a prime
 * factor is too large for a direct butterfly.
 */
export function chirpTransform(n: number): ForwardTransform {
  let padded = 1
  while (padded < 2 * n - 1) padded *= 2
  const convolve = stockhamTransform(padded, radicesOf(padded) ?? [])

  const chirpRe = new Float64Array(n)
  const chirpIm = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    // k^2 modulo 2n first: the angle of a large k would lose its digits.
    const angle = (-Math.PI * ((k * k) % (2 * n))) / n
    chirpRe[k] = Math.cos(angle)
    chirpIm[k] = Math.sin(angle)
  }
  const kernelRe = new Float64Array(padded)
  const kernelIm = new Float64Array(padded)
  for (let k = 0; k < n; k++) {
    for (const at of k === 0 ? [0] : [k, padded - k]) {
      kernelRe[at] = chirpRe[k] / padded
      kernelIm[at] = -chirpIm[k] / padded
    }
  }
  convolve(kernelRe, kernelIm, 1)

  let lineRe = new Float64Array(0)
  let lineIm = new Float64Array(0)
  return (re, im, batch) => {
    const count = padded * batch
    if (lineRe.length !== count) {
      lineRe = new Float64Array(count)
      lineIm = new Float64Array(count)
    }
    lineRe.fill(0, n * batch)
    lineIm.fill(0, n * batch)
    for (let k = 0, i = 0; k < n; k++) {
      for (let b = 0; b < batch; b++, i++) {
        lineRe[i] = re[i] * chirpRe[k] - im[i] * chirpIm[k]
        lineIm[i] = re[i] * chirpIm[k] + im[i] * chirpRe[k]
      }
    }
    convolve(lineRe, lineIm, batch)
    // Multiply by the kernel and exchange the parts: a forward transform of the exchanged field is the inverse.
    for (let k = 0, i = 0; k < padded; k++) {
      for (let b = 0; b < batch; b++, i++) {
        const productRe = lineRe[i] * kernelRe[k] - lineIm[i] * kernelIm[k]
        lineRe[i] = lineRe[i] * kernelIm[k] + lineIm[i] * kernelRe[k]
        lineIm[i] = productRe
      }
    }
    convolve(lineRe, lineIm, batch)
    for (let k = 0, i = 0; k < n; k++) {
      for (let b = 0; b < batch; b++, i++) {
        re[i] = lineIm[i] * chirpRe[k] - lineRe[i] * chirpIm[k]
        im[i] = lineIm[i] * chirpIm[k] + lineRe[i] * chirpRe[k]
      }
    }
  }
}
