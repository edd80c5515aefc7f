import { prepareBox } from './box.ts'
import type { Box } from './box.ts'
import { runLangevin } from './langevin/run.ts'
import { runOnePass } from './one-pass.ts'
import { runMap } from './optimise/map.ts'
import { throwIfCancelled } from './problem.ts'
import type { Hooks, Problem, Reconstruction } from './problem.ts'
import { ProgressMeter } from './progress.ts'
import { runSplitGibbs } from './split-gibbs.ts'
import { runWeighted } from './weighted.ts'

/**
 * Runs one of the four methods of method.md section 4 on a region, everything in normalised units. Cancelling is heeded
 * between network runs; a family of at least two draws is then returned as partial.
 *
 * @throws {WedgeviewError} cancelled; input (prior-unsuitable, sampler-unsuitable, operator-without-derivative, box-too-large, beta-needed,
 *   preconditioner-unsuitable, state-mismatch, device-unavailable, bundle-graph, bundle-output); usage (no-draws); job (chains-diverged,
 *   network-failed, device-inaccurate, no-finite-candidate)
 */
export async function reconstruct(problem: Problem, hooks: Hooks): Promise<Reconstruction> {
  throwIfCancelled(hooks.signal)
  const meter = new ProgressMeter((progress) => hooks.onProgress(progress))
  meter.start('Encoding')
  const box = await prepareBox({
    ...problem,
    say: (words) => meter.start(words),
    onDevice: (choice) => hooks.onDevice?.(choice)
  })
  throwIfCancelled(hooks.signal)
  const result = await runMethod(problem, box, hooks, meter)
  const { deviceChoice, exceptions } = box
  const device = deviceChoice && { setting: 'device', value: deviceChoice.device, reason: deviceChoice.reason }
  return { ...result, chosen: [...result.chosen, ...(device ? [device] : []), ...exceptions] }
}

async function runMethod(problem: Problem, box: Box, hooks: Hooks, meter: ProgressMeter): Promise<Reconstruction> {
  const { settings, chosen = [], resumeFrom } = problem
  switch (problem.method) {
    case 'cryogen-1':
      return runMap(box, settings, hooks, meter, resumeFrom)
    case 'cryogen-2':
      return runOnePass(box, settings, hooks, meter)
    case 'cryowgen-1':
      return runWeighted(box, settings, hooks, meter, resumeFrom)
    case 'cryowgen-2': {
      if (problem.sampler === 'split-gibbs') return runSplitGibbs(box, settings, hooks, meter, resumeFrom)
      const tunesStep = chosen.some(({ setting }) => setting === 'step')
      return runLangevin(box, settings, { tunesStep, starts: problem.starts }, hooks, meter, resumeFrom)
    }
  }
}
