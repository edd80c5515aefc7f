import { Hono } from 'hono'
import type { ApiContext } from '../context.ts'

/** What happens, as it happens. Whoever connects (again) first gets every job as it stands. */
export function eventRoutes({ events, reconstructions }: ApiContext): Hono {
  return new Hono().get('/', (c) => {
    const jobs = reconstructions.list()
    return events.open(
      jobs.map((job) => ({ type: 'job', job })),
      c.req.query('window') ?? null
    )
  })
}
