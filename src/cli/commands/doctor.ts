import { Argument } from 'commander'
import type { Command } from 'commander'
import { forgetDecisions } from '../../engine/graph/device-decisions.ts'
import { forgetTrial } from '../../engine/graph/device-trials.ts'
import { adviceSources, providerAdvice } from '../doctor/advice.ts'
import { probeElsewhere, probeHere, providerNames } from '../doctor/provider-probe.ts'
import type { ProbeResult, ProviderName } from '../doctor/provider-probe.ts'
import { gpus, memoryLimits, system, versions } from '../doctor/machine.ts'
import type { Gpu, MemoryLimits } from '../doctor/machine.ts'
import { writeJson } from '../io.ts'
import type { CliIo } from '../io.ts'

/** An io may bring its own way to start this program again; else it is started as it was. */
export interface DoctorIo extends CliIo {
  readonly selfCommand?: readonly string[]
}

export interface DoctorReport {
  versions: Record<string, string | null>
  system: ReturnType<typeof system>
  providers: ({
    name: ProviderName
    /** What can be done where it doesn't work, one step a line. */
    advice: string[]
  } & ProbeResult)[]
  gpus: Gpu[]
  memory: MemoryLimits
}

export function register(program: Command, io: DoctorIo): void {
  program
    .command('doctor')
    .description('versions, execution providers found and why others were not, GPU, memory limits')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: { json?: true }) => {
      const report = await examine(io)
      if (options.json) writeJson(io, report)
      else io.stderr(`${reportText(report)}\n`)
    })
  program
    .command('probe-provider', { hidden: true })
    .description('tries one execution provider in this process; used by doctor')
    .addArgument(new Argument('<PROVIDER>').choices(providerNames))
    .action(async (provider: ProviderName) => writeJson(io, await probeHere(provider)))
}

async function examine(io: DoctorIo): Promise<DoctorReport> {
  const command = io.selfCommand ?? [process.execPath, process.argv[1] ?? '']
  const providers: DoctorReport['providers'] = []
  const found = versions()
  // Who asks what works here has changed something, or doubts what was decided.
  await forgetDecisions()
  const sources = adviceSources(found['onnxruntime-node'])
  // One after the other: two drivers that start at once would spoil each other's times.
  for (const name of providerNames) {
    const result = await probeElsewhere(name, command, io.interrupted)
    // A driver that crashed before and works now gets another chance in the runs.
    if (result.works && name !== 'cpu') await forgetTrial(name)
    providers.push({ name, ...result, advice: result.works ? [] : providerAdvice(name, sources) })
  }
  return { versions: found, system: system(), providers, gpus: await gpus(), memory: memoryLimits() }
}

function reportText({ versions: found, system: machine, providers, gpus: cards, memory }: DoctorReport): string {
  const lines: [string, string][] = [
    ...Object.entries(found).map(([name, version]): [string, string] => [name, version ?? 'not installed']),
    ['system', `${machine.platform} ${machine.release}, ${machine.arch}`],
    ['processor', `${machine.cpu}, ${machine.threads} threads`],
    ...providers.flatMap(({ name, works, reason, milliseconds, advice }): [string, string][] => [
      [
        `provider ${name}`,
        works && milliseconds !== null
          ? `works (${milliseconds.toFixed(1)} ms for a small convolution)`
          : `no: ${reason}`
      ],
      ...advice.map((line): [string, string] => ['', line])
    ]),
    ...cards.map((card): [string, string] => ['GPU', gpuText(card)]),
    ['memory', `${gibibytes(memory.totalBytes)}, ${gibibytes(memory.freeBytes)} free`],
    ['memory limit', memory.limitBytes === null ? 'none' : gibibytes(memory.limitBytes)],
    ['largest tensor', gibibytes(memory.largestTensorBytes)]
  ]
  if (cards.length === 0) lines.push(['GPU', 'none found'])
  return lines.map(([name, value]) => `${name.padEnd(18)}${value}`).join('\n')
}

function gpuText({ name, memoryBytes, driver }: Gpu): string {
  const parts = [
    name,
    memoryBytes === null ? null : gibibytes(memoryBytes),
    driver === null ? null : `driver ${driver}`
  ]
  return parts.filter((part) => part !== null).join(', ')
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
