/**
 * The content security policy of the user interface, in the window and in a browser alike: nothing from
 * elsewhere, no evaluated code, no inline script or style. Images, figures and workers may come from blobs
 * that the page made itself.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')
