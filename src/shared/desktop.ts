/**
 * The narrow bridge between the window and the desktop. Everything else goes through the engine's
 * API by fetch. In a browser (`wedgeview serve`) `window.desktop` is undefined.
 */
export interface DesktopBridge {
  readonly platform: 'linux' | 'darwin' | 'win32'
  /** Native dialog; the chosen paths may then be opened through the API. Empty when cancelled. */
  openFiles(): Promise<string[]>
  /** Native dialog for volumes that are folders (OME-Zarr), as `openFiles`. */
  openFolder(): Promise<string[]>
  /** Native dialog for a bundle folder; null when cancelled. */
  openBundle(): Promise<string | null>
  /** The path of a dropped file, granted for opening; null when it has none (dragged from a web page). */
  grantDroppedFile(file: File): Promise<string | null>
  /**
   * Asks where, then streams the body of an API response to that file (written beside, then renamed).
   * `request` is a path under /api/ with an optional JSON body (then it is a POST).
   * Resolves to the path, or null when cancelled; rejects with a Failure's text when the API refuses.
   */
  saveResponse(request: { path: string; body?: unknown }, suggestedName: string): Promise<string | null>
  /** Shows a run's folder in the file manager. */
  showInFolder(path: string): Promise<void>
  /** Files given on the command line, by double click or by a second instance; called for those waiting too. Returns an unsubscriber. */
  onOpenFiles(listener: (paths: string[]) => void): () => void
  /** Commands chosen in the native menu. Returns an unsubscriber. */
  onMenuCommand(listener: (command: MenuCommand) => void): () => void
}

export type MenuCommand =
  'open' | 'open-folder' | 'open-bundle' | 'save-figure' | 'save-map' | 'toggle-theme' | 'show-keys'

declare global {
  interface Window {
    /** Present in the desktop program only. */
    readonly desktop?: DesktopBridge
  }
}
