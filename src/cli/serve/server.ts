import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { ServerType } from '@hono/node-server'
import type { Api } from '../../engine/api/options.ts'
import { staticFile } from '../../engine/api/static-files.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Failure } from '../../shared/errors.ts'
import { accessGuard } from './access-guard.ts'

export interface Server {
  url: string
  port: number
  token: string
  close(): Promise<void>
}

export interface ServerOptions {
  api: Api
  /** The built user interface. */
  renderer: string
  host: string
  /** 0 takes any free port. */
  port: number
}

/**
 * Serves the user interface and the engine's API to browsers that have the token.
 *
 * @throws WedgeviewError usage `port-taken`, `host-not-available`
 */
export async function startServer({ api, renderer, host, port }: ServerOptions): Promise<Server> {
  const token = randomBytes(24).toString('base64url')
  let handler: ((request: Request) => Promise<Response>) | null = null
  const server = createAdaptorServer({
    fetch: (request: Request) => (handler ? handler(request) : new Response(null, { status: 503 })),
    hostname: host,
    overrideGlobalObjects: false
  })
  const address = await listen(server, host, port)
  const guard = accessGuard(token, `wedgeview_${address.port}`, host)
  handler = async (request) => {
    const refusal = guard.refusal(request)
    if (refusal !== null) return refused(refusal)
    const { pathname } = new URL(request.url)
    const response = await answer(api, renderer, request, pathname)
    const cookie = guard.cookieFor(request)
    if (cookie !== null) response.headers.append('Set-Cookie', cookie)
    return response
  }
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${address.port}/?token=${token}`,
    port: address.port,
    token,
    close: () => closeServer(server)
  }
}

async function answer(api: Api, renderer: string, request: Request, pathname: string): Promise<Response> {
  if (pathname.startsWith('/api/')) return api.fetch(request)
  if (request.method === 'GET' || request.method === 'HEAD') return staticFile(renderer, pathname)
  return new Response('Method not allowed', { status: 405, headers: { Allow: 'GET, HEAD' } })
}

function refused(message: string): Response {
  const failure: Failure = {
    kind: 'usage',
    code: 'access-refused',
    message,
    hint: 'Open the address that `wedgeview serve` printed.'
  }
  return Response.json(failure, { status: 403, headers: { 'Cache-Control': 'no-store' } })
}

function listen(server: ServerType, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port)))
    server.listen(port, host, () => {
      const address = server.address()
      if (address !== null && typeof address === 'object') resolve(address)
      else reject(new Error('the server has no port'))
    })
  })
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): WedgeviewError {
  if (error.code === 'EADDRINUSE') {
    const message = `Port ${port} of ${host} is taken by another program.`
    return new WedgeviewError('usage', 'port-taken', message, 'Choose another with --port; 0 takes any free one.')
  }
  const message = `Can't listen on port ${port} of ${host}: ${error.message}.`
  return new WedgeviewError('usage', 'host-not-available', message, 'Check --host and --port.', { cause: error })
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // Event streams never end by themselves.
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
