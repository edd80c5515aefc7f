// Runs an ONNX file for check.py: node run-graph.mjs FOLDER
// FOLDER/request.json: { model, inputs: {name: dims}, outputs: [name], derivative?: { of, withRespectTo, seed: dims } }; tensors are
// float32 in FOLDER/<name>.in, answers go to FOLDER/<name>.out, the vector-Jacobian product to derivative.out.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { runnerImport } from 'vite'

const folder = process.argv[2]
const root = fileURLToPath(new URL('../..', import.meta.url))
const request = JSON.parse(await readFile(join(folder, 'request.json'), 'utf8'))
const bytes = await readFile(request.model)

async function readTensor(name, dims) {
  const raw = await readFile(join(folder, `${name}.in`))
  return { type: 'float32', data: new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length)), dims }
}

async function evaluate(model, feeds, fetches) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
  const fed = Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)])
  )
  return session.run(fed, fetches)
}

const save = (name, data) => writeFile(join(folder, `${name}.out`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength))

const feeds = {}
for (const [name, dims] of Object.entries(request.inputs)) feeds[name] = await readTensor(name, dims)
const results = await evaluate(bytes, feeds, request.outputs)
for (const name of request.outputs) await save(name, results[name].data)

if (request.derivative) {
  const { of, withRespectTo, seed } = request.derivative
  const { module } = await runnerImport(join(root, 'packages/onnx-autodiff/src/index.ts'), { root, configFile: false })
  const { Graph, gradient, inferShapes, simplify } = module
  const graph = Graph.decode(bytes)
  await simplify(graph, { evaluate, shapes: await inferShapes(graph, feeds, evaluate) })
  const shapes = await inferShapes(graph, feeds, evaluate)
  const seedInput = graph.input('seed', 'float32', seed)
  shapes.set?.(seedInput, seed)
  const { [withRespectTo]: slope } = gradient(graph, { of, withRespectTo: [withRespectTo], seed: seedInput, shapes })
  graph.output(slope, 'derivative')
  const full = { ...feeds, seed: await readTensor('seed', seed) }
  await save('derivative', (await evaluate(graph.encode(), full, ['derivative'])).derivative.data)
}
