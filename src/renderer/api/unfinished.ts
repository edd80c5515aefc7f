import { z } from 'zod'
import { unfinishedRunSchema } from '../../shared/api.ts'
import { jobSchema } from '../../shared/jobs.ts'
import { request, requestJson } from './request.ts'

/** Runs of the open tomograms that were begun and not finished. */
export const listUnfinished = (signal?: AbortSignal) =>
  requestJson(z.array(unfinishedRunSchema), '/api/runs/unfinished', { signal })
export const resumeRun = (path: string) => requestJson(jobSchema, '/api/runs/resume', { body: { path } })
export const discardRun = (path: string) => request('/api/runs/discard', { method: 'POST', body: { path } })
