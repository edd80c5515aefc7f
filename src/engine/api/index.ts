import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { WedgeviewError } from '../../shared/errors.ts'
import { scansInThread } from '../volume/scans/scans.ts'
import { scansInWorker } from '../volume/scans/worker-scans.ts'
import { Bundles } from './bundles.ts'
import type { ApiContext } from './context.ts'
import { DerivedVolumes } from './derived-volumes.ts'
import { EventStream } from './event-stream.ts'
import { failureResponse } from './failure-response.ts'
import { Families } from './families.ts'
import type { Api, ApiOptions } from './options.ts'
import { pathAccess } from './path-access.ts'
import { Reconstructions } from './reconstructions.ts'
import { blockRoutes } from './routes/blocks.ts'
import { bundleRoutes } from './routes/bundles.ts'
import { derivedRoutes } from './routes/derived.ts'
import { eventRoutes } from './routes/events.ts'
import { directionRoutes, familyRoutes } from './routes/families.ts'
import { figureRoutes } from './routes/figures.ts'
import { fileRoutes } from './routes/files.ts'
import { jobRoutes } from './routes/jobs.ts'
import { runExportRoutes } from './routes/run-exports.ts'
import { runFactRoutes } from './routes/run-facts.ts'
import { resampleRoutes } from './routes/resample.ts'
import { runRoutes } from './routes/runs.ts'
import { sessionRoutes } from './routes/session.ts'
import { recentFileRoutes, sessionFileRoutes } from './routes/sessions.ts'
import { sliceRoutes } from './routes/slices.ts'
import { volumeRoutes } from './routes/volumes.ts'
import { wedgeRoutes } from './routes/wedge.ts'
import { Sessions } from './sessions.ts'
import { VolumeRegistry } from './volume-registry.ts'

export type { Api, ApiOptions, PathPolicy } from './options.ts'

/** Requests are small documents; a figure with many panels is a few kilobytes. */
const bodyLimitBytes = 1 << 20

/** The one interface to the engine, for any mount: see src/shared/api.ts for the routes. */
export function createApi(options: ApiOptions): Api {
  const events = new EventStream()
  const access = pathAccess(options)
  const scans = options.volumeWorker === undefined ? scansInThread() : scansInWorker(options.volumeWorker)
  const volumes = new VolumeRegistry((event) => events.send(event), scans, options)
  const bundles = new Bundles(options.resources)
  const reconstructions = new Reconstructions({ options, volumes, events, bundles, access })
  const derived = new DerivedVolumes(volumes, (runId) => reconstructions.wedgeOf(runId))
  const families = new Families(volumes, reconstructions, bundles)
  const sessions = new Sessions(options, access, (window) => events.hears(window))
  const context: ApiContext = {
    options,
    access,
    events,
    volumes,
    bundles,
    reconstructions,
    families,
    derived,
    sessions
  }
  const app = routes(context)
  return {
    fetch: async (request) => app.fetch(request),
    async close() {
      events.close()
      await sessions.close()
      await reconstructions.close()
      await volumes.closeAll()
      await derived.close()
      await scans.close()
    }
  }
}

function routes(context: ApiContext): Hono {
  const app = new Hono().basePath('/api')
  const limited = bodyLimit({ maxSize: bodyLimitBytes, onError: () => failureResponse(tooLarge()) })
  // The Node mount gives a DELETE an empty body of unknown length, which the limit would copy into a Request that Node can't make of it.
  app.use((c, next) => (c.req.method === 'POST' || c.req.method === 'PUT' ? limited(c, next) : next()))
  app.use(async (c, next) => {
    await next()
    c.header('X-Content-Type-Options', 'nosniff')
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
  })
  app.onError((error) => failureResponse(error))
  app.notFound((c) => failureResponse(noSuchRoute(c.req.method, c.req.path)))
  app.route('/session', sessionRoutes(context))
  app.route('/sessions', sessionFileRoutes(context))
  app.route('/recent', recentFileRoutes(context))
  app.route('/files', fileRoutes(context))
  app.route('/volumes', volumeRoutes(context))
  app.route('/volumes', sliceRoutes(context))
  app.route('/volumes', resampleRoutes(context))
  app.route('/volumes', blockRoutes(context))
  app.route('/volumes', wedgeRoutes(context))
  app.route('/volumes', directionRoutes(context))
  app.route('/families', familyRoutes(context))
  app.route('/bundles', bundleRoutes(context))
  app.route('/figures', figureRoutes(context))
  app.route('/derived', derivedRoutes(context))
  app.route('/jobs', jobRoutes(context))
  app.route('/runs', runRoutes(context))
  app.route('/runs', runFactRoutes(context))
  app.route('/runs', runExportRoutes(context))
  app.route('/events', eventRoutes(context))
  return app
}

function tooLarge(): WedgeviewError {
  return new WedgeviewError('usage', 'request-too-large', 'The request is larger than 1 MiB.', 'Send less at once.')
}

function noSuchRoute(method: string, path: string): WedgeviewError {
  return new WedgeviewError('usage', 'no-such-route', `There is no ${method} ${path}.`, 'See the list of routes.')
}
