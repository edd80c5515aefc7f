/** How Resize finds the input position of an output position, along one axis. */
export interface AxisInterpolation {
  mode: string
  coordinates: string
  nearest: string
  cubicCoefficient: number
  excludeOutside: boolean
  inputSize: number
  outputSize: number
  scale: number
}

const inputPosition = (at: number, axis: AxisInterpolation): number => {
  const { coordinates, inputSize, outputSize, scale } = axis
  switch (coordinates) {
    case 'asymmetric':
      return at / scale
    case 'align_corners':
      return outputSize === 1 ? 0 : (at * (inputSize - 1)) / (outputSize - 1)
    case 'pytorch_half_pixel':
      return outputSize > 1 ? (at + 0.5) / scale - 0.5 : 0
    case 'half_pixel_symmetric': {
      // The exact output size may differ from the whole one: both are centred on each other.
      const adjustment = outputSize / (scale * inputSize)
      return (inputSize / 2) * (1 - adjustment) + (at + 0.5) / scale - 0.5
    }
    default:
      return (at + 0.5) / scale - 0.5
  }
}

const nearestPosition = (position: number, rounding: string): number => {
  switch (rounding) {
    case 'floor':
      return Math.floor(position)
    case 'ceil':
      return Math.ceil(position)
    case 'round_prefer_ceil':
      return Math.floor(position + 0.5)
    default:
      return Math.ceil(position - 0.5)
  }
}

const cubicWeights = (fraction: number, a: number): number[] => {
  const near = (t: number): number => ((a + 2) * t - (a + 3)) * t * t + 1
  const far = (t: number): number => ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
  return [far(1 + fraction), near(fraction), near(1 - fraction), far(2 - fraction)]
}

/** Input elements and their weights for one output position. */
const contributions = (at: number, axis: AxisInterpolation): [number, number][] => {
  const { inputSize, mode } = axis
  const last = inputSize - 1
  const clamp = (position: number): number => Math.min(Math.max(position, 0), last)
  // The runtime computes positions in float32; rounding there decides which element is nearest.
  const position = Math.fround(inputPosition(at, axis))
  if (mode === 'nearest') return [[clamp(nearestPosition(position, axis.nearest)), 1]]
  if (mode === 'linear') {
    const inside = clamp(position)
    const low = Math.min(Math.floor(inside), last)
    return [
      [low, 1 - (inside - low)],
      [Math.min(low + 1, last), inside - low]
    ]
  }
  const low = Math.floor(position)
  const weights = cubicWeights(position - low, axis.cubicCoefficient)
  const taps = weights.map((weight, tap): [number, number] => [low - 1 + tap, weight])
  if (!axis.excludeOutside) return taps.map(([tap, weight]) => [clamp(tap), weight])
  const inside = taps.filter(([tap]) => tap >= 0 && tap <= last)
  const total = inside.reduce((sum, [, weight]) => sum + weight, 0)
  return inside.map(([tap, weight]) => [tap, weight / total])
}

/** The matrix (outputSize x inputSize, C order) that resizing one axis is. */
export const interpolationMatrix = (axis: AxisInterpolation): Float64Array => {
  const matrix = new Float64Array(axis.outputSize * axis.inputSize)
  for (let at = 0; at < axis.outputSize; at += 1) {
    for (const [from, weight] of contributions(at, axis)) {
      const element = at * axis.inputSize + from
      matrix[element] = (matrix[element] ?? 0) + weight
    }
  }
  return matrix
}

/** How often each input element is repeated, where resizing an axis does nothing else; undefined where it does. */
export const repetition = (axis: AxisInterpolation): number | undefined => {
  const { inputSize, outputSize, mode } = axis
  const repeats = outputSize / inputSize
  if (mode !== 'nearest' || !Number.isInteger(repeats)) return undefined
  for (let at = 0; at < outputSize; at += 1) {
    if (contributions(at, axis)[0]?.[0] !== Math.floor(at / repeats)) return undefined
  }
  return repeats
}
