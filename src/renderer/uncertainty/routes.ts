import type { DerivedRequest } from '../../shared/derived.ts'
import { jobSchema } from '../../shared/jobs.ts'
import { runDiagnosticsSchema } from '../../shared/run-diagnostics.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { requestJson } from '../api/request.ts'

const runPath = (id: string): string => `/api/runs/${encodeURIComponent(id)}`

export const derive = (request: DerivedRequest, signal?: AbortSignal) =>
  requestJson(openVolumeSchema, '/api/derived', { body: request, signal })
export const getRunDiagnostics = (runId: string, signal?: AbortSignal) =>
  requestJson(runDiagnosticsSchema, `${runPath(runId)}/diagnostics`, { signal })
/** An empty name takes the run's name away. */
export const renameRun = (runId: string, name: string) =>
  requestJson(jobSchema, `${runPath(runId)}/name`, { method: 'PUT', body: { name } })
