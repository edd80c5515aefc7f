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

/** The page needs no camera, no notifications, no place: everything that would ask is refused. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
}

/** Holds for every page the program ever makes, also for those nobody thought of. */
export function lockEveryPage(app: App, ownOrigin: string): void {
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents, ownOrigin))
}
