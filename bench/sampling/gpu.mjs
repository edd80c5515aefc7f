// Langevin steps of several chains in one batch on a GPU machine, against PyTorch eager and compiled on the same GPU:
//   node bench/sampling/gpu.mjs [--sizes 32,64,96,128] [--chains 1,4,8] [--devices cuda,webgpu] [--peers eager,compiled] [--peer-device cuda]
//                               [--width 16] [--network energy.onnx] [--out FILE.md]
// A device that does not work is named with the reason and left out. --devices cpu --peers eager --peer-device cpu tries the script without a GPU.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  assertAgreement,
  gpuName,
  load,
  machine,
  number,
  startEngine,
  startPeer,
  takeTurns,
  writeNoise
} from './contest.mjs'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '32,64,96,128' },
    chains: { type: 'string', default: '1,4,8' },
    devices: { type: 'string', default: 'cuda,webgpu' },
    peers: { type: 'string', default: 'eager,compiled' },
    'peer-device': { type: 'string', default: 'cuda' },
    width: { type: 'string', default: '16' },
    network: { type: 'string' },
    out: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '5' }
  }
})
const numbers = (text) => text.split(',').map(Number)
const [sizes, batches] = [numbers(options.sizes), numbers(options.chains)]
const [rounds, count, width] = [options.rounds, options.steps, options.width].map(Number)
/** More voxels than this are no sensible batch: one box of 128^3 fills a GPU. */
const mostVoxels = 8 * 128 ** 3

const folder = mkdtempSync(join(tmpdir(), 'bench-gpu-'))
const started = []
try {
  const [z, y] = ['z', 'y'].map((name) => join(folder, name))
  const network = options.network ?? join(folder, 'energy.onnx')
  writeNoise(z, Math.max(...sizes) ** 3 * Math.max(...batches), 1)
  writeNoise(y, Math.max(...sizes) ** 3, 2)
  const contestants = []
  for (const device of options.devices.split(',')) {
    const { engine, outDir } = await startEngine()
    started.push({ contestant: engine, outDir })
    contestants.push({ label: `wedgeview ${device}`, contestant: engine, device, ours: true })
  }
  for (const kind of options.peers.split(',')) {
    const peer = startPeer(cpus().length)
    started.push({ contestant: peer })
    contestants.push({
      label: `PyTorch ${kind}`,
      contestant: peer,
      device: options['peer-device'],
      compiled: kind === 'compiled'
    })
  }
  if (!options.network)
    await contestants.find(({ ours }) => !ours).contestant.ask({ do: 'export', width, path: network })

  const labels = contestants.map(({ label }) => label)
  const lines = [
    `${gpuName() ?? 'no GPU'}; ${machine()}; load ${load()}. Milliseconds a step of all chains (steps a second of one chain).`,
    '',
    `| box | chains | ${labels.join(' | ')} | differences |`,
    `|---|---|${labels.map(() => '---|').join('')}---|`
  ]
  for (const size of sizes)
    for (const batch of batches) {
      if (batch * size ** 3 > mostVoxels) continue
      const row = await measure({ size, batch, network, z, y }, contestants)
      lines.push(row)
      process.stderr.write(`${row}\n`)
    }
  const text = `${lines.join('\n')}\n`
  process.stdout.write(text)
  if (options.out) writeFileSync(options.out, text)
} finally {
  for (const { contestant, outDir } of started) {
    contestant.end()
    if (outDir) rmSync(outDir, { recursive: true, force: true })
  }
  rmSync(folder, { recursive: true, force: true })
}

async function measure({ size, batch, network, z, y }, contestants) {
  const cells = contestants.map(() => '')
  const able = []
  for (const [i, entry] of contestants.entries()) {
    const { contestant, device, compiled = false } = entry
    const answer = await contestant
      .ask({ do: 'open', width, network, size, batch, threads: cpus().length, z, y, device, compiled })
      .catch((error) => ({ failed: error.message }))
    if (answer.failed) cells[i] = `no: ${String(answer.failed).slice(0, 120)}`
    else able.push({ i, ...entry })
  }
  const ours = able.filter((entry) => entry.ours)
  const peer = able.find((entry) => !entry.ours)
  const differences = []
  for (const entry of peer ? ours : []) {
    // With TF32 on, a step is right to about 1e-3.
    const difference = await assertAgreement([entry.contestant, peer.contestant], folder, 1e-2)
    differences.push(`${entry.device} ${difference.toExponential(0)}`)
  }
  const times = await takeTurns(
    able.map(({ contestant }) => contestant),
    { rounds, count }
  )
  able.forEach(({ i }, at) => (cells[i] = `${number(times[at].wall)} (${number((1000 * batch) / times[at].wall)})`))
  return `| ${size}^3 | ${batch} | ${cells.join(' | ')} | ${differences.join(', ')} |`
}
