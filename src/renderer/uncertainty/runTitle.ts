import type { Job } from '../../shared/jobs.ts'
import { methods } from '../../shared/methods.ts'

/** What a run is called among others: its name, else its method and its folder's number. */
export function runTitle(job: Job): string {
  if (job.name) return job.name
  const number = /-(\d+)$/.exec(job.request.outPath)?.[1]
  return number ? `${methods[job.request.method].name}, ${number}` : methods[job.request.method].name
}
