// Steps a second on the CPU against the same step in PyTorch, and effective draws a second of the Fourier-preconditioned chain against
// plain SGLD:
//   node bench/sampling/run.mjs [--write] [--threads N] [--sizes 32,64,96] [--skip-mixing]
// Prints tables of medians and ratios; --write puts them into docs/benchmarks.md, section "Sampling".
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  assertAgreement,
  load,
  machine,
  number,
  root,
  startEngine,
  startPeer,
  takeTurns,
  writeNoise,
  writeSection
} from './contest.mjs'

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(cpus().length) },
    sizes: { type: 'string', default: '32,64,96' },
    'skip-mixing': { type: 'boolean', default: false }
  }
})
const sizes = options.sizes.split(',').map(Number)
const width = 16
const largest = Math.max(...sizes)

/** From onnxruntime's profile of the step at 64^3 on one thread. */
const limits = [
  'What limits it: convolutions, three quarters of a step at 64^3 on one thread, at 170 to 230 GFLOP/s (onnxruntime has direct kernels for 2-D only; 3-D ones are run as 2-D',
  'ones over rows of planes, which is 1.1 to 1.5 times as fast as its own 3-D convolution and takes a quarter off the whole step); 12 % go into its change of layout',
  'around them, 8 % into elementwise operators that are not fused (SiLU and its derivative are six passes over memory; product and gate differentiated apart they would be',
  'eight), 4 % into padding and cropping rows, 2 to 4 % into drawing noise in JavaScript. Memory that glibc would give back between operators is kept (session-memory.ts): at',
  '96^3 that was 20 % of a step. At 32^3 and one chain this PyTorch takes a slow path of its own (slow_conv3d); with three chains in a batch it takes oneDNN and is about as',
  'fast as wedgeview (148 ms against 158).'
]

const folder = mkdtempSync(join(tmpdir(), 'bench-sampling-'))
const { engine, outDir } = await startEngine()
try {
  const [z, y, network] = ['z', 'y', 'energy.onnx'].map((name) => join(folder, name))
  writeNoise(z, largest ** 3, 1)
  writeNoise(y, largest ** 3, 2)
  const lines = [
    '| box | threads | wedgeview, ms a step | PyTorch, ms a step | PyTorch / wedgeview | the same in processor time | of it noise, ms | load |',
    '|---|---|---|---|---|---|---|---|'
  ]
  let version = ''
  for (const threads of new Set([Number(options.threads), 1])) {
    const peer = startPeer(threads)
    try {
      await peer.ask({ do: 'export', width, path: network })
      for (const size of sizes) {
        const open = { do: 'open', width, network, size, batch: 1, threads, z, y, device: 'cpu', compiled: false }
        await engine.ask(open)
        version = (await peer.ask(open)).version
        await assertAgreement([engine, peer], folder)
        const before = load()
        const [ours, theirs] = await takeTurns([engine, peer], { rounds: size > 64 ? 7 : 13, count: size > 64 ? 1 : 2 })
        lines.push(
          `| ${size}^3 | ${threads} | ${number(ours.wall)} | ${number(theirs.wall)} | ${number(theirs.wall / ours.wall)} x | ` +
            `${number(theirs.cpu / ours.cpu)} x | ${number(ours.noise)} | ${before} |`
        )
        process.stderr.write(`${lines.at(-1)}\n`)
      }
    } finally {
      peer.end()
    }
  }
  const mixing = options['skip-mixing'] ? [] : await mixingTable(engine)
  const section = [
    '## Sampling',
    '',
    `\`node bench/sampling/run.mjs --write\` on ${machine()}, PyTorch ${version}. A ratio above 1 means that wedgeview is faster.`,
    '',
    `One Langevin step, one chain: z moved, T_M, misfit, tether, the energy 1/2 |x - f(x)|^2 of a U-Net f (${width}, ${2 * width} and ${4 * width} channels) and its gradient;`,
    'noise drawn anew, results taken over. PyTorch does the same with autograd and torch.fft. Medians; the two take turns step by step, so that what else the',
    'machine does (load: runnable processes before) falls on both. Processor time is nearer to what a quiet machine would show.',
    '',
    ...lines,
    '',
    ...limits,
    '',
    ...mixing
  ].join('\n')
  process.stdout.write(`${section}\n`)
  if (options.write) writeSection(join(root, 'docs', 'benchmarks.md'), 'Sampling', section)
} finally {
  engine.end()
  rmSync(folder, { recursive: true, force: true })
  rmSync(outDir, { recursive: true, force: true })
}

async function mixingTable(contestant) {
  const lines = [
    'Effective draws a second on the linear-Gaussian oracle (method.md 8.1), four chains of 1200 steps, a quarter of them burn-in; each chain’s step is the',
    'program’s own choice. "Automatic" is what runs without any setting: Fourier preconditioner and Leimkuhler-Matthews noise, without step bias. Plain SGLD is',
    'Euler’s step without a preconditioner, a fifth of what its stiffest direction bears (a bias of up to 11 % there). Between them: one of the two only. The effective',
    'sample size is that of the slowest group of probes; a plain chain that hardly moves has a smaller one than is estimated, so that the ratio is a lower limit there.',
    '',
    '| box | prior power, origin to corner | noise sigma | automatic: step, ESS, processor seconds | plain SGLD: the same | ESS a second, automatic / plain SGLD | the same in processor time | Fourier, Euler / plain SGLD | automatic / plain with the same noise | load |',
    '|---|---|---|---|---|---|---|---|---|---|'
  ]
  for (const [size, power, sigma] of [
    [24, [4, 0.25], 0.6],
    [24, [4, 0.25], 0.2],
    [24, [100, 0.1], 0.6],
    [32, [4, 0.25], 0.6]
  ]) {
    const mixing = await contestant.ask({ do: 'mixing', size, sigma, power, steps: 1200 })
    const told = ({ step, ess, essPerCpuSecond }) => `${number(step)}, ${number(ess)}, ${number(ess / essPerCpuSecond)}`
    const ratio = (one, other, key = 'essPerCpuSecond') => `${number(mixing[one][key] / mixing[other][key])} x`
    lines.push(
      `| ${size}^3 | ${power.join(' to ')} | ${sigma} | ${told(mixing.automatic)} | ${told(mixing.plainEuler)} | ` +
        `${ratio('automatic', 'plainEuler', 'essPerSecond')} | ${ratio('automatic', 'plainEuler')} | ` +
        `${ratio('fourierEuler', 'plainEuler')} | ${ratio('automatic', 'plain')} | ${load()} |`
    )
    process.stderr.write(`${lines.at(-1)}\n`)
  }
  return [
    ...lines,
    '',
    'What limits it: the preconditioner’s share is the ratio of the stiffest to the slowest direction, (Q + lambda) to Q inside the wedge. With a spectrum of 4 to 0.25 and sigma 0.6',
    'that is 27 at most and less for the median direction of a group; spectra of tomograms span more. A step costs the same with and without the preconditioner. The noise’s',
    'share: Euler’s step has to stay short for its bias, Leimkuhler and Matthews’ has none for a Gaussian at any stable step.'
  ]
}
