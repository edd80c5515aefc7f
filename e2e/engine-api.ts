import type { Page } from '@playwright/test'
import type { NewJob } from '../src/shared/api.ts'
import { jobSchema, type Job } from '../src/shared/jobs.ts'
import { openVolumeSchema, type OpenVolume } from '../src/shared/volumes.ts'

/** Asks the engine as the page itself does, and gives the answer's JSON. @throws when the engine refuses */
async function ask(page: Page, method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const answer = await page.evaluate(
    async ({ method, path, body }) => {
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch(path, body === null ? { method } : { method, headers, body: JSON.stringify(body) })
      const json: unknown = await response.json()
      return { status: response.status, json }
    },
    { method, path, body: body ?? null }
  )
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`)
  return answer.json
}

export async function openVolumes(page: Page): Promise<OpenVolume[]> {
  return openVolumeSchema.array().parse(await ask(page, 'GET', '/api/volumes'))
}

export async function startJob(page: Page, job: NewJob): Promise<Job> {
  return jobSchema.parse(await ask(page, 'POST', '/api/jobs', job))
}

export async function allJobs(page: Page): Promise<Job[]> {
  return jobSchema.array().parse(await ask(page, 'GET', '/api/jobs'))
}

export async function jobById(page: Page, id: string): Promise<Job> {
  const job = (await allJobs(page)).find((candidate) => candidate.id === id)
  if (!job) throw new Error(`the engine has no job ${id}`)
  return job
}

export async function cancelJob(page: Page, id: string): Promise<Job> {
  return jobSchema.parse(await ask(page, 'POST', `/api/jobs/${id}/cancel`))
}
