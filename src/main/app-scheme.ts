import { protocol, type CustomScheme } from 'electron'
import type { Api } from '../engine/api/options.ts'
import { staticFile } from '../engine/api/static-files.ts'

export const appOrigin = 'wedgeview://app'
const scheme = 'wedgeview'

/**
 * A scheme of its own, so that the page has an origin, may fetch, and gets streams, without a port that other
 * programs of the machine could reach.
 */
const customScheme: CustomScheme = {
  scheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true }
}

/** Has to run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([customScheme])
}

/** Whether a request is for the engine rather than for a file of the user interface. */
export function isApiPath(pathname: string): boolean {
  return pathname.startsWith('/api/')
}

/**
 * Serves the built user interface and the engine's API under one origin.
 *
 * @param rendererFolder absolute path of the built user interface
 */
export function serveAppScheme(rendererFolder: string, api: Api): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url)
    if (url.host !== 'app') return new Response('Not found', { status: 404 })
    return isApiPath(url.pathname) ? api.fetch(request) : staticFile(rendererFolder, url.pathname)
  })
}
