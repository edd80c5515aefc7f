import { Graph } from 'onnx-autodiff'
import type { Value } from 'onnx-autodiff'
import type { Wedge } from '../../../shared/wedge.ts'
import { wedgeAxes } from '../../wedge/mask.ts'
import { cornerFrequency, type RadialSpectrum } from './radial-spectrum.ts'

/**
 * The analytic bundle's networks. They take boxes of any size: cas matrices, frequencies and masks are computed inside the graph from the
 * input's shape, and since they do not depend on its values, the runtime folds them into constants where the shape is static. All of
 * that is in float64 so that the mask is the engine's to the bit and the matrices are as good as float32 can be.
 */
const opset = 17
const volumeShape = ['batch', 1, 'depth', 'height', 'width'] as const

/** One axis of the box: its length and the DFT's indices. */
interface AxisNodes {
  /** int64, shape (1,). */
  readonly length: Value
  /** float64 scalar. */
  readonly n: Value
  /** float64 0 … n-1, shape (n,). */
  readonly k: Value
}

class BoxNodes {
  readonly graph: Graph
  /** (B, 1, D, H, W) of the input. */
  readonly shape: Value
  readonly axes: readonly AxisNodes[]
  #matrices: readonly Value[] | undefined

  constructor(graph: Graph, input: Value) {
    this.graph = graph
    this.shape = graph.node('Shape', [input])
    this.axes = [2, 3, 4].map((axis) => {
      const length = graph.gather(this.shape, graph.integers([axis]), 0)
      const n = graph.cast(graph.squeeze(length, [0]), 'float64')
      return { length, n, k: graph.node('Range', [this.double(0), n, this.double(1)]) }
    })
  }

  double(value: number): Value {
    return this.graph.scalar(value, 'float64')
  }

  /** cas(2 pi k j / n) / sqrt(n), (n, n), float32. */
  #casMatrix({ n, k }: AxisNodes): Value {
    const graph = this.graph
    const product = graph.mul(graph.unsqueeze(k, [1]), graph.unsqueeze(k, [0]))
    const turns = graph.div(graph.node('Mod', [product, n], { fmod: 1 }), n)
    const angle = graph.mul(turns, this.double(2 * Math.PI))
    const cas = graph.add(graph.node('Cos', [angle]), graph.node('Sin', [angle]))
    return graph.cast(graph.div(cas, graph.sqrt(n)), 'float32')
  }

  /** The orthonormal cas transform along all three axes: its own inverse. */
  transform(value: Value): Value {
    const graph = this.graph
    const [depth, height, width] = (this.#matrices ??= this.axes.map((axis) => this.#casMatrix(axis)))
    const planes = graph.matmul(height, graph.matmul(value, width))
    // Along z a plane is one long row: no transpose is needed.
    const rows = graph.reshape(planes, [0, 0, 0, -1])
    return graph.reshape(graph.matmul(depth, rows), this.shape)
  }
  /** Reverses the frequencies of some volume axes: k -> -k mod n. */
  flip(value: Value, axes: readonly number[]): Value {
    const graph = this.graph
    return axes.reduce((current, axis) => {
      const { n, k } = this.axes[axis]
      const mirrored = graph.cast(graph.node('Mod', [graph.sub(n, k), n], { fmod: 1 }), 'int64')
      return graph.gather(current, mirrored, axis + 2)
    }, value)
  }

  /** Shape (1, 1, …, n, …, 1) for values along one axis, so that they broadcast over (B, 1, D, H, W). */
  along(values: Value, axis: number): Value {
    return this.graph.unsqueeze(
      values,
      [0, 1, 2, 3, 4].filter((i) => i !== axis + 2)
    )
  }

  /** Frequencies of an axis, cycles per voxel, float64 (n,); the Nyquist bin has the given sign. */
  frequency({ n, k }: AxisNodes, nyquist: 1 | -1): Value {
    const graph = this.graph
    const twice = graph.mul(k, this.double(2))
    const negative = nyquist < 0 ? graph.node('GreaterOrEqual', [twice, n]) : graph.greater(twice, n)
    return graph.div(graph.where(negative, graph.sub(k, n), k), n)
  }

  /** ln S at every frequency, (1, 1, D, H, W), float32. */
  logSpectrum({ logPower }: RadialSpectrum): Value {
    const graph = this.graph
    const squares = this.axes.map((axis, i) => {
      const f = this.frequency(axis, 1)
      return this.along(graph.mul(f, f), i)
    })
    const radius = graph.sqrt(graph.add(graph.add(squares[0], squares[1]), squares[2]))
    const intervals = logPower.length - 1
    const t = graph.mul(radius, this.double(intervals / cornerFrequency))
    const last = this.double(intervals - 1)
    const below = graph.node('Min', [graph.node('Floor', [t]), last])
    const share = graph.cast(graph.sub(t, below), 'float32')
    const index = graph.cast(below, 'int64')
    const table = graph.constant(logPower, [logPower.length], 'logPower')
    const from = graph.gather(table, index, 0)
    const to = graph.gather(table, graph.add(index, graph.constant(BigInt64Array.of(1n), [])), 0)
    return graph.add(from, graph.mul(share, graph.sub(to, from)))
  }

  /** M at (sign k_beam, k_across), float32, broadcasting over the two axes; the Nyquist bin is the larger of its two readings. */
  mask(wedge: Wedge, sign: 1 | -1): Value {
    const graph = this.graph
    const { beam, across } = wedgeAxes(wedge)
    const readings = ([-1, 1] as const).flatMap((b) =>
      ([-1, 1] as const).map((a) => {
        const f = this.frequency(this.axes[beam], b)
        const beamFrequency = this.along(sign < 0 ? graph.neg(f) : f, beam)
        return this.#measured(wedge, beamFrequency, this.along(this.frequency(this.axes[across], a), across))
      })
    )
    return graph.cast(graph.node('Max', readings), 'float32')
  }

  /** engine/wedge/mask.ts `measured`, in nodes. */
  #measured(wedge: Wedge, beam: Value, across: Value): Value {
    const graph = this.graph
    const { beam: beamAxis, across: acrossAxis } = wedgeAxes(wedge)
    const beamPixels = this.axes[beamAxis].n
    const acrossPixels = this.axes[acrossAxis].n
    const hypot = (a: Value, b: Value): Value => graph.sqrt(graph.add(graph.mul(a, a), graph.mul(b, b)))
    const least = (a: Value, b: Value): Value => graph.node('Min', [a, b])
    const most = (a: Value, b: Value): Value => graph.node('Max', [a, b])
    const radius = hypot(beam, across)
    const limits = [wedge.tiltMax, wedge.tiltMin].map((degrees) => {
      const [sin, cos] = [Math.sin, Math.cos].map((f) => this.double(f((degrees * Math.PI) / 180)))
      const distance = graph.sub(graph.mul(across, sin), graph.mul(beam, cos))
      if (wedge.edgeSoftness === 0) return distance
      return graph.div(distance, hypot(graph.div(sin, acrossPixels), graph.div(cos, beamPixels)))
    })
    const [upper, lower] = limits
    let inside = most(least(upper, graph.neg(lower)), least(graph.neg(upper), lower))
    if (wedge.edgeSoftness === 0) {
      if (wedge.lowPass !== null) inside = least(inside, graph.sub(this.double(wedge.lowPass), radius))
      const slack = graph.mul(radius, this.double(-1e-9))
      return graph.cast(graph.node('GreaterOrEqual', [inside, slack]), 'float64')
    }
    // At k = 0 the radius is taken as 1: what is divided by it is 0 there, and k = 0 is measured anyway.
    const atOrigin = graph.equal(radius, this.double(0))
    if (wedge.lowPass !== null) {
      const safe = graph.where(atOrigin, this.double(1), radius)
      const pixel = hypot(
        graph.div(graph.div(beam, safe), beamPixels),
        graph.div(graph.div(across, safe), acrossPixels)
      )
      const positive = graph.where(atOrigin, this.double(1), pixel)
      inside = least(inside, graph.div(graph.sub(this.double(wedge.lowPass), radius), positive))
    }
    const ramp = graph.add(graph.div(inside, this.double(wedge.edgeSoftness)), this.double(0.5))
    const along = least(most(ramp, this.double(0)), this.double(1))
    const cosine = graph.node('Cos', [graph.mul(along, this.double(Math.PI))])
    const soft = graph.sub(this.double(0.5), graph.mul(cosine, this.double(0.5)))
    return graph.where(atOrigin, this.double(1), soft)
  }
}

/** x (B, 1, D, H, W) -> energy (B,): E = 1/2 sum_k |X(k)|^2 / (N S(|k|)), the negative log density of a Gaussian field. */
export function energyGraph(spectrum: RadialSpectrum): Uint8Array {
  const graph = new Graph({ opset, name: 'gaussian-energy' })
  const x = graph.input('x', 'float32', volumeShape)
  const box = new BoxNodes(graph, x)
  const precision = graph.exp(graph.neg(box.logSpectrum(spectrum)))
  const coefficients = box.transform(x)
  const weighted = graph.mul(graph.mul(coefficients, coefficients), precision)
  const sum = graph.reduceSum(weighted, [1, 2, 3, 4], false)
  graph.output(graph.mul(sum, graph.scalar(0.5)), 'energy')
  graph.outputs[0] = { name: 'energy', type: 'float32', shape: ['batch'] }
  return graph.encode()
}

/** y (B, 1, D, H, W) -> zbar, same shape: the Wiener filter F^-1 [ M S / (S + sigma^2) F y ]. */
export function wienerGraph(spectrum: RadialSpectrum, sigma: number, wedge: Wedge): Uint8Array {
  const graph = new Graph({ opset, name: 'wiener-encoder' })
  const y = graph.input('y', 'float32', volumeShape)
  const box = new BoxNodes(graph, y)
  // S / (S + sigma^2) is a logistic function of ln(S / sigma^2).
  const offset = graph.scalar(Math.log(sigma * sigma))
  const gain = graph.sigmoid(graph.sub(box.logSpectrum(spectrum), offset))
  const { beam, across } = wedgeAxes(wedge)
  const coefficients = box.transform(y)
  const here = box.mask(wedge, 1)
  let filtered: Value
  if (wedge.tiltMin === -wedge.tiltMax) filtered = graph.mul(coefficients, here)
  else {
    // An asymmetric range has a part that is odd in both frequencies; it flips both axes (engine/wedge/symbol.ts).
    const mirrored = box.mask(wedge, -1)
    const half = graph.scalar(0.5)
    const even = graph.mul(graph.add(here, mirrored), half)
    const odd = graph.mul(graph.sub(here, mirrored), half)
    const flipped = box.flip(coefficients, [beam, across])
    filtered = graph.sub(graph.mul(coefficients, even), graph.mul(flipped, odd))
  }
  graph.output(box.transform(graph.mul(filtered, gain)), 'zbar')
  graph.outputs[0] = { name: 'zbar', type: 'float32', shape: [...volumeShape] }
  return graph.encode()
}
