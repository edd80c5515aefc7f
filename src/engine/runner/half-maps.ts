import { basename } from 'node:path'
import { boxSize, toZYX, type Axis, type Box } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { noiseOfDifference } from '../sampling/noise-level.ts'
import { boxOf } from '../sampling/tiles/region-voxels.ts'
import { openVolume } from '../volume/open-volume.ts'
import { assertBox } from '../volume/volume.ts'
import type { NormalisedInput } from './input.ts'

/** Sides of the box in the middle of the region that is looked at: millions of frequencies are enough. */
const longestSide = 160
/** A tomogram that is made of its halves follows their mean; less than this is another tomogram, or was filtered on its own. */
const leastCorrelation = 0.9

/**
 * sigma from half tomograms: the SD of (even - odd) / 2 within the measured region, normalised as the tomogram is. A tomogram may be
 * the mean of its halves, their sum or any multiple c of the mean; c is found by regression, and the noise has the same factor.
 *
 * @throws {WedgeviewError} input / half-maps-size, half-maps-differ, noise-unknown; what opening and reading them throws
 */
export async function noiseOfHalves(
  paths: readonly [even: string, odd: string],
  input: Pick<NormalisedInput, 'info' | 'roi' | 'size' | 'volume' | 'normalisation'>,
  wedge: Wedge,
  signal: AbortSignal
): Promise<{ sigma: number; reason: string }> {
  const box = middleOf(input.roi)
  const [even, odd] = [await readHalf(paths[0], input, box, signal), await readHalf(paths[1], input, box, signal)]
  const size = toZYX(boxSize(box))
  const whole = await boxOf(input.volume, input.size, {
    origin: [box.z[0] - input.roi.z[0], box.y[0] - input.roi.y[0], box.x[0] - input.roi.x[0]],
    size
  })
  const mean = even.map((value, i) => (value + odd[i]) / 2)
  const { slope, correlation } = regression(mean, whole)
  const [first, second] = paths.map((path) => basename(path))
  if (!(correlation >= leastCorrelation))
    throw new WedgeviewError(
      'input',
      'half-maps-differ',
      `${input.info.path} is not made of ${first} and ${second}: its correlation with their mean is ${correlation.toFixed(2)}.`,
      'Give the half tomograms of this very reconstruction, treated as it was, or --sigma.'
    )
  // `whole` is normalised and the halves are not, so the slope carries the normalisation, too.
  const difference = even.map((value, i) => (slope * (value - odd[i])) / 2)
  const sigma = noiseOfDifference(difference, size, wedge)
  if (sigma === null)
    throw new WedgeviewError(
      'input',
      'noise-unknown',
      `${first} and ${second} don’t differ within the measured region.`,
      'Give two files with independent noise, or --sigma.'
    )
  const factor = slope * input.normalisation.std
  return {
    sigma,
    reason:
      `half maps ${first} and ${second}: the SD of (even - odd) / 2 within the measured region, normalised` +
      (Math.abs(factor - 1) < 0.02 ? '' : `; the tomogram is ${factor.toPrecision(3)} times the mean of its halves`)
  }
}

async function readHalf(
  path: string,
  { info }: Pick<NormalisedInput, 'info'>,
  box: Box,
  signal: AbortSignal
): Promise<Float32Array> {
  const half = await openVolume(path, { signal })
  try {
    const { size } = half.info
    if (size.x !== info.size.x || size.y !== info.size.y || size.z !== info.size.z)
      throw new WedgeviewError(
        'input',
        'half-maps-size',
        `${path} has ${size.x} x ${size.y} x ${size.z} voxels, the tomogram ${info.size.x} x ${info.size.y} x ${info.size.z}.`,
        'Half tomograms must have the tomogram’s size.'
      )
    assertBox(half.info, box)
    const values = await half.readBox(box, { signal })
    return values.map((value) => (Number.isFinite(value) ? value : 0))
  } finally {
    await half.close()
  }
}

function middleOf(roi: Box): Box {
  const cut = (axis: Axis): [number, number] => {
    const [from, to] = roi[axis]
    const side = Math.min(to - from, longestSide)
    const start = from + Math.floor((to - from - side) / 2)
    return [start, start + side]
  }
  return { x: cut('x'), y: cut('y'), z: cut('z') }
}

/** Least squares b = slope a + constant. */
function regression(a: Float32Array, b: Float32Array): { slope: number; correlation: number } {
  let [sumA, sumB] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    sumA += a[i]
    sumB += b[i]
  }
  const [meanA, meanB] = [sumA / a.length, sumB / b.length]
  let [aa, ab, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [u, v] = [a[i] - meanA, b[i] - meanB]
    aa += u * u
    ab += u * v
    bb += v * v
  }
  return { slope: ab / aa, correlation: ab / Math.sqrt(aa * bb) }
}
