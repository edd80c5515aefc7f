import { timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'

/** Who may talk to the server: whoever has the token, under a name that can't have been rebound to this machine. */
export interface AccessGuard {
  /** Null where the request may pass; otherwise why not. */
  refusal(request: Request): string | null
  /** The cookie to set where the request brought the token in its address; null otherwise. */
  cookieFor(request: Request): string | null
}

/**
 * @param token the secret in the printed address
 * @param cookieName tells servers on several ports of one host apart, which share their cookies
 * @param host the name or address the server listens on
 */
export function accessGuard(token: string, cookieName: string, host: string): AccessGuard {
  const hasTokenInAddress = (request: Request): boolean => {
    const given = new URL(request.url).searchParams.get('token')
    return given !== null && isSame(given, token)
  }
  return {
    refusal(request) {
      const hostHeader = request.headers.get('host') ?? new URL(request.url).host
      if (!isOwnHost(hostHeader, host)) return 'This server does not answer under that name.'
      const cookie = cookieValue(request.headers.get('cookie') ?? '', cookieName)
      if (!hasTokenInAddress(request) && !(cookie !== null && isSame(cookie, token))) {
        return 'The access token is missing or wrong. Open the address that `wedgeview serve` printed.'
      }
      // Another site's page (or another port's: they share cookies) may not make this one act.
      const origin = request.headers.get('origin')
      if (origin !== null && !isSameHost(origin, hostHeader)) return 'The request comes from another site.'
      return null
    },
    cookieFor: (request) =>
      hasTokenInAddress(request) ? `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/` : null
  }
}

/**
 * DNS rebinding points a foreign name at this machine; an address in numbers, localhost or the name
 * given with --host can't be foreign. The port is not looked at: an ssh tunnel may end at any.
 */
function isOwnHost(hostHeader: string, host: string): boolean {
  const name = hostHeader.replace(/:\d*$/, '').toLowerCase()
  const address = name.replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || isIP(address) !== 0 || name === host.toLowerCase()
}

function isSameHost(origin: string, hostHeader: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === hostHeader.toLowerCase()
}

/** In constant time, so that the token can't be guessed byte by byte. */
function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

function cookieValue(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined) return value
  }
  return null
}
