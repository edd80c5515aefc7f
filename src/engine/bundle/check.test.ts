import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Graph } from 'onnx-autodiff'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkBundle, summariseBundle } from './check.ts'
import { bundleContent } from './fixtures/compare.ts'
import { writeBundle } from './fixtures/folder.ts'
import { writeTinyBundle } from './fixtures/tiny-bundle.ts'

const tiny = fileURLToPath(new URL('./fixtures/tiny', import.meta.url))
const volume = ['batch', 1, 'd', 'h', 'w'] as const

/** A network of one input and one output, y -> zbar unless told otherwise. */
function network(
  build: (graph: Graph, input: string) => string,
  { input = 'y', output = 'zbar', shape = volume as readonly (string | number)[], opset = 17 } = {}
): Uint8Array {
  const graph = new Graph({ opset })
  graph.output(build(graph, graph.input(input, 'float32', shape)), output)
  return graph.encode()
}

const identity = network((graph, y) => graph.mul(y, graph.scalar(0.5)))
const energyOf = (build: (graph: Graph, x: string) => string): Uint8Array =>
  network((graph, x) => graph.reduceSum(build(graph, x), [1, 2, 3, 4], false), { input: 'x', output: 'energy' })
const quadratic = energyOf((graph, x) => graph.mul(x, x))

const removals: (() => Promise<void>)[] = []
async function bundle(...args: Parameters<typeof writeBundle>): Promise<string> {
  const { path, remove } = await writeBundle(...args)
  removals.push(remove)
  return path
}
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

describe('the tiny bundle', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wedgeview-tiny-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is what its code makes, and works in all methods', async () => {
    const out = await writeTinyBundle(join(folder, 'tiny'))
    expect(await bundleContent(out)).toEqual(await bundleContent(tiny))
    const other = await writeTinyBundle(join(folder, 'other'), 8)
    expect(await bundleContent(other)).not.toEqual(await bundleContent(tiny))
    const summary = await checkBundle(tiny)
    expect(summary.methods.every(({ works }) => works)).toBe(true)
    expect(summary.problems).toEqual([])
    expect(await summariseBundle(tiny)).toEqual(summary)
  })
})

describe('checkBundle', () => {
  it('accepts a plain bundle and says what it found', async () => {
    const path = await bundle({ 'encoder.onnx': identity, 'prior.onnx': quadratic })
    expect(await checkBundle(path)).toMatchObject({
      path,
      name: 'white-gaussian',
      sigma: 1,
      wedge: { tiltMin: -60, tiltMax: 60 },
      operatorsWithoutDerivative: []
    })
  })

  it('names operators without a derivative, and the methods that work without one', async () => {
    // The determinant of each z plane: no network has one, so no rule will come.
    const unusual = network((graph, x) => graph.reduceSum(graph.node('Det', [x]), [1, 2], false), {
      input: 'x',
      output: 'energy'
    })
    const path = await bundle({ 'encoder.onnx': identity, 'prior.onnx': unusual })
    const { methods, operatorsWithoutDerivative } = await checkBundle(path)
    expect(operatorsWithoutDerivative).toMatchObject([{ file: 'prior.onnx', opType: 'Det' }])
    expect(methods.map(({ method, works }) => [method, works])).toEqual([
      ['cryogen-1', false],
      ['cryogen-2', true],
      ['cryowgen-1', true],
      ['cryowgen-2', false]
    ])
    expect(methods[0].reason).toMatch(/Det \(node .+ of prior\.onnx\)/)
  })

  it('says which methods are not listed and which can’t use the prior', async () => {
    const denoiser = network((graph, x) => graph.mul(x, graph.scalar(0.5)), { input: 'x', output: 'denoised' })
    const path = await bundle({ 'encoder.onnx': identity, 'prior.onnx': denoiser }, (manifest) => {
      manifest.prior = { kind: 'denoiser', domain: 'volume' }
      manifest.methods = { 'cryogen-2': {}, 'cryowgen-1': {}, 'cryowgen-2': {} }
      delete manifest.wedge
      delete manifest.noise
    })
    const { methods, problems, sigma, wedge } = await checkBundle(path)
    expect(methods.map(({ works }) => works)).toEqual([false, true, false, true])
    expect(methods[0].reason).toMatch(/does not list/)
    expect(methods[2].reason).toMatch(/denoiser/)
    expect([sigma, wedge]).toEqual([null, null])
    expect(problems.map(({ code }) => code)).toEqual(['bundle-no-wedge', 'bundle-no-noise'])
  })

  it('takes a denoiser with noise levels, a bundle without a prior, and fixed sizes', async () => {
    const graph = new Graph({ opset: 17 })
    const x = graph.input('x', 'float32', volume)
    const sigma = graph.input('sigma', 'float32', ['batch'])
    graph.output(graph.div(x, graph.add(graph.reshape(sigma, [-1, 1, 1, 1, 1]), graph.scalar(1))), 'denoised')
    const withLevels = await bundle({ 'encoder.onnx': identity, 'prior.onnx': graph.encode() }, (manifest) => {
      manifest.prior = { kind: 'denoiser', domain: 'volume', noiseLevels: [0.1, 1] }
    })
    await expect(checkBundle(withLevels)).resolves.toMatchObject({ path: withLevels })

    const fixed = network((g, y) => g.identity(y), { shape: [1, 1, 12, 10, 8] })
    const withoutPrior = await bundle({ 'encoder.onnx': fixed }, (manifest) => {
      delete manifest.prior
      manifest.patch = { size: [12, 10, 8], fixed: true }
    })
    const { methods } = await checkBundle(withoutPrior)
    expect(methods.every(({ works }) => works)).toBe(true)
  })

  const refusals: [string, string, RegExp, () => ReturnType<typeof bundle>][] = [
    [
      'bytes that are no network',
      'bundle-graph',
      /can't be read/,
      () => bundle({ 'encoder.onnx': 'not a model', 'prior.onnx': quadratic })
    ],
    ['an empty network file', 'bundle-graph', /./, () => bundle({ 'encoder.onnx': '', 'prior.onnx': quadratic })],
    [
      'two inputs of unknown names',
      'bundle-graph',
      /inputs a, b/,
      () => {
        const graph = new Graph({ opset: 17 })
        graph.output(graph.add(graph.input('a', 'float32', volume), graph.input('b', 'float32', volume)), 'zbar')
        return bundle({ 'encoder.onnx': graph.encode(), 'prior.onnx': quadratic })
      }
    ],
    [
      'an old operator set',
      'bundle-opset',
      /encoder\.onnx is of operator set 9; expected 13 to 23/,
      () => bundle({ 'encoder.onnx': network((g, y) => g.identity(y), { opset: 9 }), 'prior.onnx': quadratic })
    ],
    [
      'an output of another shape',
      'bundle-shape',
      /encoder\.onnx: output zbar has the shape \(1, 1, 31, 32, 32\), expected \(1, 1, 32, 32, 32\)/,
      () => bundle({ 'encoder.onnx': network((g, y) => g.slice(y, [1], [99], [2])), 'prior.onnx': quadratic })
    ],
    [
      'a latent that is not the stated one',
      'bundle-shape',
      /expected \(1, 4, 16, 16, 16\)/,
      () =>
        bundle({ 'encoder.onnx': identity, 'decoder.onnx': identity, 'prior.onnx': quadratic }, (manifest) => {
          manifest.latent = { channels: 4, stride: 2 }
        })
    ],
    [
      'a fixed input that is not the stated patch',
      'bundle-shape',
      /input y has the shape \(1, 1, 8, 8, 8\), expected \(1, 1, 32, 32, 32\)/,
      () =>
        bundle({
          'encoder.onnx': network((g, y) => g.identity(y), { shape: [1, 1, 8, 8, 8] }),
          'prior.onnx': quadratic
        })
    ],
    [
      'an energy of a value a voxel',
      'bundle-shape',
      /prior\.onnx: output energy/,
      () =>
        bundle({
          'encoder.onnx': identity,
          'prior.onnx': network((g, x) => g.mul(x, x), { input: 'x', output: 'energy' })
        })
    ],
    [
      'not a number for zeros',
      'bundle-nan',
      /output zbar holds NaN/,
      () => bundle({ 'encoder.onnx': network((g, y) => g.div(y, y)), 'prior.onnx': quadratic })
    ],
    [
      'infinity for zeros',
      'bundle-nan',
      /output energy holds -Infinity/,
      () => bundle({ 'encoder.onnx': identity, 'prior.onnx': energyOf((g, x) => g.log(x)) })
    ],
    [
      'double precision',
      'bundle-shape',
      /takes float64, expected float32/,
      () => {
        const graph = new Graph({ opset: 17 })
        graph.output(graph.identity(graph.input('y', 'float64', volume)), 'zbar')
        return bundle({ 'encoder.onnx': graph.encode(), 'prior.onnx': quadratic })
      }
    ],
    [
      'a network that fails on its own patch',
      'bundle-run',
      /does not run/,
      () => bundle({ 'encoder.onnx': network((g, y) => g.reshape(y, [1, 1, 5, 5, 5])), 'prior.onnx': quadratic })
    ],
    [
      'an operator that the runtime does not have',
      'bundle-run',
      /does not run/,
      () => bundle({ 'encoder.onnx': network((g, y) => g.node('NoSuchOperator', [y])), 'prior.onnx': quadratic })
    ],
    [
      'weights in a file that is not listed',
      'bundle-hash',
      /weights in elsewhere\.bin/,
      () => {
        const graph = new Graph({ opset: 17 })
        const weights = graph.constant(new Float32Array(2000).fill(1), [2000], 'w')
        const y = graph.input('y', 'float32', volume)
        graph.output(graph.mul(y, graph.reduceSum(weights, [0])), 'zbar')
        return bundle({ 'encoder.onnx': graph.encodeWithExternalData('elsewhere.bin').model, 'prior.onnx': quadratic })
      }
    ],
    [
      'a precision that is not positive',
      'bundle-shape',
      /precision holds values that are not positive/,
      () => {
        const graph = new Graph({ opset: 17 })
        const y = graph.input('y', 'float32', volume)
        graph.output(graph.identity(y), 'zbar')
        graph.output(graph.mul(y, y), 'precision')
        return bundle({ 'encoder.onnx': graph.encode(), 'prior.onnx': quadratic })
      }
    ]
  ]
  it.each(refusals)('refuses %s', async (_, code, message, make) => {
    const path = await make()
    await expect(checkBundle(path)).rejects.toMatchObject({
      kind: 'input',
      code,
      message: expect.stringMatching(message)
    })
  })
})
