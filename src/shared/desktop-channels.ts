/** Names of the messages between the window's preload and the main process, so that both spell them alike. */
export const desktopChannels = {
  openFiles: 'desktop:open-files',
  openFolder: 'desktop:open-folder',
  openBundle: 'desktop:open-bundle',
  grantDroppedPath: 'desktop:grant-dropped-path',
  saveResponse: 'desktop:save-response',
  beginFile: 'desktop:begin-file',
  writeFile: 'desktop:write-file',
  finishFile: 'desktop:finish-file',
  discardFile: 'desktop:discard-file',
  showInFolder: 'desktop:show-in-folder',
  /** The window now listens: send what waits. */
  awaitFiles: 'desktop:await-files',
  filesToOpen: 'desktop:files-to-open',
  showMenu: 'desktop:show-menu',
  menuCommand: 'desktop:menu-command'
} as const

export interface SaveRequest {
  path: string
  body?: unknown
}

/** An error thrown across Electron's IPC loses its type and gains a prefix; a refusal therefore travels as a value. */
export type SaveOutcome = { saved: string } | { cancelled: true } | { refused: string }
export type BeginOutcome = { id: string; path: string } | { cancelled: true } | { refused: string }
export type WriteOutcome = { done: true } | { refused: string }
