import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { contentSecurityPolicy } from '../../shared/content-security-policy.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm'
}

const notFound = (): Response => new Response('Not found', { status: 404 })

/**
 * Answers a request with a file of one folder, `/` with its index.html; never with anything outside of it.
 *
 * @param folder absolute path of the built user interface
 * @param pathname the URL's path, percent-encoded as URLs have it
 */
export async function staticFile(folder: string, pathname: string): Promise<Response> {
  const path = filePath(folder, pathname)
  const type = path && contentTypes[extname(path)]
  if (!path || !type) return notFound()
  try {
    return new Response(await readFile(path), {
      headers: {
        'Content-Type': type,
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-cache'
      }
    })
  } catch {
    return notFound()
  }
}

function filePath(folder: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded.includes('\0')) return null
  const path = join(folder, decoded === '/' ? 'index.html' : decoded)
  return path.startsWith(folder + sep) ? path : null
}
