import type { MethodId } from '../../../shared/methods.ts'
import type { RequestedSettings } from '../../../shared/settings.ts'
import { reconstruct, resolveSettings } from '../index.ts'
import type { Problem, Reconstruction } from '../index.ts'
import type { GaussianProblem } from './gaussian-problem.ts'

/** Runs a method on an oracle problem from request to result, as the runner does. */
export async function runMethod(
  problem: GaussianProblem,
  method: MethodId,
  requested: RequestedSettings,
  threads = 1,
  sampler: Problem['sampler'] = 'langevin'
): Promise<Reconstruction> {
  const { bundle, wedge, volume, size } = problem
  const common = { bundle, wedge, volume, size, method, device: 'cpu' as const, threads }
  const { settings, chosen } = await resolveSettings(requested, bundle, common)
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined }
  return reconstruct({ ...common, settings, chosen, sampler }, hooks)
}
