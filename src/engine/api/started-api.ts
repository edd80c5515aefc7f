import { join } from 'node:path'
import type { z } from 'zod'
import type { NewJob } from '../../shared/api.ts'
import { apiEventSchema } from '../../shared/jobs.ts'
import type { ApiEvent, Job } from '../../shared/jobs.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import type { SpawnRunner } from '../runner/port.ts'
import type { Script } from '../runner/testing/scripted-bundle.ts'
import { writeScriptedBundle } from '../runner/testing/scripted-bundle.ts'
import { scriptedRequest } from '../runner/testing/small-tomogram.ts'
import { sentEvents, testApi } from './test-api.ts'
import type { TestApi } from './test-api.ts'

/** The API with tomogram.mrc of a folder open, and everything that it says. */
export interface Started extends TestApi {
  tomogram: z.infer<typeof openVolumeSchema>
  newJob(script?: Partial<Script>, changes?: Partial<NewJob>): NewJob
  /** Every event so far, in order. */
  events: ApiEvent[]
  until(condition: (job: Job) => boolean): Promise<Job>
}

export async function startedApi(folder: string, spawnRunner: SpawnRunner): Promise<Started> {
  const api = await testApi(folder, { spawnRunner })
  const tomogram = await api.json(openVolumeSchema, 'POST', '/api/volumes', { path: join(folder, 'tomogram.mrc') })
  const events: ApiEvent[] = []
  const waiters: { condition: (job: Job) => boolean; resolve: (job: Job) => void }[] = []
  const stream = sentEvents(await api.call('GET', '/api/events'), apiEventSchema)
  void (async () => {
    for await (const event of stream) {
      events.push(event)
      if (event.type === 'job')
        for (const { condition, resolve } of waiters) if (condition(event.job)) resolve(event.job)
    }
  })()
  return {
    ...api,
    tomogram,
    events,
    newJob(script, changes) {
      const { method, wedge, wedgeSource, roi, settings, device, threads } = scriptedRequest(folder, 'unused', script)
      const bundlePath = writeScriptedBundle(folder, script)
      return {
        volumeId: tomogram.id,
        bundlePath,
        method,
        wedge,
        wedgeSource,
        roi,
        settings,
        device,
        threads,
        ...changes
      }
    },
    until: (condition) =>
      new Promise((resolve) => {
        for (const event of events) if (event.type === 'job' && condition(event.job)) resolve(event.job)
        waiters.push({ condition, resolve })
      })
  }
}

export const ended = (job: Job): boolean => !['queued', 'running'].includes(job.state)
