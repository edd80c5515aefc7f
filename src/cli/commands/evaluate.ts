import { lstat, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { levels } from '../../engine/simulate/evaluation/coverage.ts'
import { evaluate } from '../../engine/simulate/evaluation/evaluate.ts'
import type { Evaluation } from '../../engine/simulate/evaluation/evaluation.ts'
import { findRuns, readRunToEvaluate } from '../../engine/simulate/evaluation/read-run.ts'
import { reportHtml, type Reported } from '../../engine/simulate/evaluation/report/report.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { methods } from '../../shared/methods.ts'
import { writeJson, type CliIo } from '../io.ts'
import { programVersion } from '../program-folders.ts'
import { progressDisplay } from '../reconstruct/progress-display.ts'
import { plainProgress } from '../simulate/plain-progress.ts'

interface EvaluateOptions {
  truth: string
  report?: string
  json?: true
}

export function register(program: Command, io: CliIo): void {
  program
    .command('evaluate')
    .description('compare a run with the known truth: errors, and whether its spread is honest')
    .argument('<RUN>', 'run folder, or the folder of several methods’ runs')
    .requiredOption('--truth <FILE>', 'the truth of the whole tomogram, in its grey values')
    .option('--report <FILE.html>', 'also write a page with tables, plots and slices')
    .option('--json', 'one JSON document on standard output; a list of them for several runs')
    .action((run: string, options: EvaluateOptions) => evaluateRuns(run, options, io))
}

async function evaluateRuns(run: string, options: EvaluateOptions, io: CliIo): Promise<void> {
  const signal = io.interrupted
  const folder = resolve(io.workingDirectory, run)
  const truth = resolve(io.workingDirectory, options.truth)
  const report = options.report === undefined ? null : resolve(io.workingDirectory, options.report)
  if (report !== null) await assertFree(report)
  const reported: Reported[] = []
  for (const path of await findRuns(folder)) {
    const { record, input, warnings } = await readRunToEvaluate(path, truth, signal)
    const display = progressDisplay(io, methods[record.method].name)
    try {
      const scores = await evaluate(input, {
        signal,
        onProgress: (phase, fraction) => display.show(plainProgress(phase, fraction))
      })
      const evaluation: Evaluation = {
        run: path,
        truth,
        method: record.method,
        roi: record.input.roi,
        ...scores,
        warnings: [...warnings, ...scores.warnings]
      }
      reported.push({ evaluation, input })
    } finally {
      display.close()
    }
    io.stderr(summary(reported[reported.length - 1].evaluation))
  }
  if (report !== null) await writeReport(report, reportHtml(reported, programVersion()), signal)
  const documents = reported.map(({ evaluation }) => evaluation)
  if (options.json) writeJson(io, documents.length === 1 ? documents[0] : documents)
}

async function assertFree(path: string): Promise<void> {
  if (await lstat(path).catch(() => null))
    throw new WedgeviewError(
      'usage',
      'out-exists',
      `${path} exists already, and nothing is ever written over.`,
      'Name a file that does not exist yet, or remove this one first.'
    )
}

/** Written beside, flushed, renamed. */
async function writeReport(path: string, html: string, signal: AbortSignal): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.partial-${process.pid}`)
  try {
    signal.throwIfAborted()
    await writeFile(beside, html, { flush: true })
    await rename(beside, path)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined)
    signal.throwIfAborted()
    throw new WedgeviewError(
      'input',
      'out-not-writable',
      `The report ${path} can't be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Choose a folder that exists and in which you may write.',
      { cause }
    )
  }
}

function summary(evaluation: Evaluation): string {
  const { run, estimate, volumes, coverage, coverageWedge, coverageMeasured, intervals, warnings } = evaluation
  const lines = [`${run}, ${methods[evaluation.method].name}`]
  const row = (name: string, cells: readonly (string | number | null)[]): void => {
    const texts = cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(3) : (cell ?? '-')).padStart(13))
    lines.push(name.padEnd(26) + texts.join(''))
  }
  row('', ['MSE', 'correlation', 'in the wedge'])
  for (const { name, mse, correlation, wedgeCorrelation } of volumes)
    if (name === estimate || name === 'tomogram' || name === 'member 1')
      row(name, [mse.toPrecision(4), correlation, wedgeCorrelation])
  if (coverage && coverageWedge && coverageMeasured && intervals) {
    row('', ['all', 'wedge', 'measured'])
    for (const level of levels)
      row(`coverage ${level} % (${intervals[level]})`, [coverage[level], coverageWedge[level], coverageMeasured[level]])
    const { chiSquare, chiSquareWedge, chiSquareMeasured, crps, crpsWedge, crpsMeasured } = evaluation
    row('chi-square (honest: 1)', [chiSquare, chiSquareWedge, chiSquareMeasured])
    row(
      `CRPS (${evaluation.crpsFrom ?? ''})`,
      [crps, crpsWedge, crpsMeasured].map((each) => significant(each))
    )
    const { errorSdCorrelation, errorSdCorrelationWedge, errorSdCorrelationMeasured } = evaluation
    row('|error|-SD correlation', [errorSdCorrelation, errorSdCorrelationWedge, errorSdCorrelationMeasured])
    row('wedge : measured', ['variance', evaluation.wedgeVarianceRatio, 'error', evaluation.wedgeErrorRatio])
    row('members’ MSE / mean’s', [evaluation.memberErrorRatio])
  }
  for (const { message } of warnings) lines.push(`Note: ${message}`)
  return `${lines.join('\n')}\n`
}

function significant(value: number | null): string | null {
  return value === null ? null : value.toPrecision(4)
}
