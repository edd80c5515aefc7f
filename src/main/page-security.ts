import type { App, Session, WebContents } from 'electron'

/** Whether an address belongs to the program's own user interface. */
export function isOwnPage(url: string, ownOrigin: string): boolean {
  return URL.canParse(url) && new URL(url).href.startsWith(`${ownOrigin}/`)
}

/** The page stays what it is: it never leaves for another address, opens no window and embeds no other page. */
export function lockNavigation(contents: WebContents, ownOrigin: string): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url, ownOrigin)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOwnPage(event.url, ownOrigin)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** The page may put text on the clipboard when a person asks for it. It needs no camera, no notifications, no place, and may not read it. */
export function limitPermissions(session: Session): void {
  const allowed = (permission: string): boolean => permission === 'clipboard-sanitized-write'
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(allowed(permission)))
  session.setPermissionCheckHandler((_contents, permission) => allowed(permission))
}

/** Holds for every page the program ever makes, also for those nobody thought of. */
export function lockEveryPage(app: App, ownOrigin: string): void {
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents, ownOrigin))
}
