import { useEffect } from 'react'
import type { JobEstimate, NewJob } from '../../shared/api.ts'
import type { BundleSummary } from '../../shared/bundles.ts'
import type { MethodId } from '../../shared/methods.ts'
import { settingDeclarations, type RequestedSettings, type SettingDeclaration } from '../../shared/settings.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf, isAbort } from '../api/failures.ts'
import { estimateJob, startJob } from '../api/routes.ts'
import { awaitResults } from '../panes/arrange.ts'
import { chosenBundle, useBundles } from '../stores/bundles.ts'
import { putJob } from '../stores/jobs.ts'
import { useRegion } from '../stores/region.ts'
import { useRunPlan } from '../stores/runPlan.ts'
import { useWedge } from '../stores/wedge.ts'

/** The methods that are switched on and that the bundle can do. */
export function chosenMethods(methods: readonly MethodId[], bundle: BundleSummary | null): MethodId[] {
  return methods.filter((method) => bundle?.methods.some((entry) => entry.method === method && entry.works))
}

/** The jobs that the panel describes, one a method; null while something they need is missing. */
function plannedJobs(tomogram: string): Map<MethodId, NewJob> | null {
  const { methods, settings, device } = useRunPlan.getState()
  const bundle = chosenBundle(useBundles.getState())
  const assumed = useWedge.getState().wedges[tomogram]
  if (!bundle || !assumed) return null
  const roi = useRegion.getState().boxes[tomogram] ?? null
  return new Map(
    chosenMethods(methods, bundle).map((method) => [
      method,
      {
        volumeId: tomogram,
        bundlePath: bundle.path,
        method,
        wedge: assumed.wedge,
        wedgeSource: assumed.source,
        roi,
        settings: settingsFor(method, settings),
        device,
        threads: null
      }
    ])
  )
}

/** Only what the method reads: run.json then records nothing that had no effect. */
function settingsFor(method: MethodId, settings: RequestedSettings): RequestedSettings {
  const read = settingDeclarations.filter((setting: SettingDeclaration) => setting.methods.includes(method))
  return Object.fromEntries(
    read.filter(({ key }) => settings[key] !== undefined).map(({ key }) => [key, settings[key]])
  )
}

const settleMs = 250

/** Keeps the estimates up to date with the panel, where a trial may be made; only the latest question is asked. */
export function useEstimates(tomogram: string, mayTry: boolean): void {
  const { methods, settings, device } = useRunPlan()
  const bundle = useBundles((state) => state.chosen)
  const wedge = useWedge((state) => state.wedges[tomogram])
  const region = useRegion((state) => state.boxes[tomogram])
  useEffect(() => {
    if (!mayTry) {
      useRunPlan.setState({ estimates: {}, failure: null })
      return
    }
    const abort = new AbortController()
    const timer = window.setTimeout(() => void estimate(tomogram, abort.signal), settleMs)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [tomogram, mayTry, methods, settings, device, bundle, wedge, region])
}

async function estimate(tomogram: string, signal: AbortSignal): Promise<void> {
  const jobs = plannedJobs(tomogram)
  if (!jobs) return
  try {
    const estimates: Partial<Record<MethodId, JobEstimate>> = {}
    // One after the other: the engine answers only its latest question.
    for (const [method, job] of jobs) estimates[method] = await estimateJob(job, signal)
    useRunPlan.setState({ estimates, failure: null })
  } catch (error) {
    if (isAbort(error) || signal.aborted) return
    const failure = failureOf(error)
    useRunPlan.setState({ estimates: {}, failure: failure.kind === 'cancelled' ? null : failure })
  }
}

/** Starts one job a method, in the order of the methods; the engine queues them. */
export async function startRuns(tomogram: OpenVolume): Promise<void> {
  const jobs = plannedJobs(tomogram.id)
  if (!jobs) return
  useRunPlan.setState({ starting: true, failure: null })
  awaitResults(tomogram.id)
  try {
    for (const job of jobs.values()) putJob(await startJob(job))
  } catch (error) {
    useRunPlan.setState({ failure: failureOf(error) })
  } finally {
    useRunPlan.setState({ starting: false })
  }
}
