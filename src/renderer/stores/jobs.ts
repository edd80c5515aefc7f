import { create } from 'zustand'
import type { Job } from '../../shared/jobs.ts'

interface JobsState {
  jobs: Readonly<Record<string, Job>>
  /** Ids in the order they were started. */
  order: readonly string[]
  /** False while the event stream is broken: what is shown may be old. */
  connected: boolean
}

export const useJobs = create<JobsState>()(() => ({ jobs: {}, order: [], connected: true }))

export function putJob(job: Job): void {
  useJobs.setState((state) => ({
    jobs: { ...state.jobs, [job.id]: job },
    order: state.order.includes(job.id) ? state.order : [...state.order, job.id]
  }))
}

export function removeJob(id: string): void {
  useJobs.setState((state) => ({
    jobs: Object.fromEntries(Object.entries(state.jobs).filter(([key]) => key !== id)),
    order: state.order.filter((key) => key !== id)
  }))
}

export function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running'
}
