import { Hono } from 'hono'
import { runNameSchema } from '../../../shared/run-diagnostics.ts'
import { readRunDiagnostics } from '../../derived/run-diagnostics.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** What a finished run says about itself beyond its record, and the name it goes by. */
export function runFactRoutes({ reconstructions }: ApiContext): Hono {
  return new Hono()
    .get('/:id/diagnostics', async (c) => c.json(await readRunDiagnostics(reconstructions.pathOf(c.req.param('id')))))
    .put('/:id/name', async (c) => {
      const { name } = await jsonBody(c.req.raw, runNameSchema)
      return c.json(await reconstructions.rename(c.req.param('id'), name === '' ? null : name))
    })
}
