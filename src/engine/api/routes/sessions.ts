import { Hono, type Context } from 'hono'
import { WedgeviewError } from '../../../shared/errors.ts'
import {
  autosaveRequestSchema,
  openSessionRequestSchema,
  recentFileRequestSchema,
  saveSessionRequestSchema,
  windowIdSchema
} from '../../../shared/session/api.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** Which window asks: each keeps what it shows apart from the others. */
function windowOf(c: Context): string {
  const parsed = windowIdSchema.safeParse(c.req.query('window') ?? 'only')
  if (parsed.success) return parsed.data
  throw new WedgeviewError('usage', 'window-id', 'This is no window’s id.', 'Reload the window.')
}

/** Session files, and what is kept of the present one in case of a crash. */
export function sessionFileRoutes({ sessions }: ApiContext): Hono {
  return new Hono()
    .post('/open', async (c) => {
      const { source, located } = await jsonBody(c.req.raw, openSessionRequestSchema)
      return c.json(await sessions.open(source, located))
    })
    .post('/save', async (c) => {
      const { path, session, force } = await jsonBody(c.req.raw, saveSessionRequestSchema)
      return c.json({ path: await sessions.save(windowOf(c), path, session, force) })
    })
    .get('/autosaves', async (c) => c.json(await sessions.offers(windowOf(c))))
    .put('/autosave', async (c) => {
      const { leaving, ...kept } = await jsonBody(c.req.raw, autosaveRequestSchema)
      await sessions.autosave(windowOf(c), kept, leaving)
      return c.body(null, 204)
    })
    .post('/autosave/leave', (c) => {
      sessions.leave(windowOf(c))
      return c.body(null, 204)
    })
    .delete('/autosave', async (c) => {
      await sessions.dropAutosave(c.req.query('window') === undefined ? null : windowOf(c))
      return c.body(null, 204)
    })
    .delete('/autosaves/:id', async (c) => {
      await sessions.discardAutosave(c.req.param('id'))
      return c.body(null, 204)
    })
}

/** Files that were opened last. */
export function recentFileRoutes({ sessions }: ApiContext): Hono {
  return new Hono()
    .get('/', async (c) => c.json(await sessions.recent()))
    .post('/', async (c) => {
      await sessions.remember((await jsonBody(c.req.raw, recentFileRequestSchema)).path)
      return c.body(null, 204)
    })
    .post('/open', async (c) => {
      await sessions.openRecent((await jsonBody(c.req.raw, recentFileRequestSchema)).path)
      return c.body(null, 204)
    })
    .delete('/', async (c) => {
      await sessions.clearRecent()
      return c.body(null, 204)
    })
}
