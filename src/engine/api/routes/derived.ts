import { Hono } from 'hono'
import { derivedRequestSchema } from '../../../shared/derived.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** Volumes made from a run's maps: measured and filled-in parts, P(x > t) at any t. */
export function derivedRoutes({ derived }: ApiContext): Hono {
  return new Hono().post('/', async (c) => {
    const request = await jsonBody(c.req.raw, derivedRequestSchema)
    return c.json(await derived.make(request, c.req.raw.signal))
  })
}
