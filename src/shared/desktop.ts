import { z } from 'zod'
import type { SessionBridge } from './session/desktop.ts'

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
  /**
   * Asks where, then begins a file that the page writes piece by piece (beside, then renamed when finished); null when cancelled.
   * It and the three below reject with a sentence when the disk refuses.
   */
  beginFile(suggestedName: string): Promise<{ id: string; path: string } | null>
  /** Bytes at a place in the file, counted from its beginning. */
  writeFile(id: string, position: number, bytes: Uint8Array): Promise<void>
  finishFile(id: string): Promise<void>
  /** Leaves nothing of a file that was begun. */
  discardFile(id: string): Promise<void>
  readonly session: SessionBridge
  /** Shows a run's folder in the file manager. */
  showInFolder(path: string): Promise<void>
  /** Files given on the command line, by double click or by a second instance; called for those waiting too. Returns an unsubscriber. */
  onOpenFiles(listener: (paths: string[]) => void): () => void
  /** Makes the native menu of the window's table of commands. */
  showMenu(menus: readonly MenuDescription[]): void
  /** Commands chosen in the native menu, by their id. Returns an unsubscriber. */
  onMenuCommand(listener: (id: string) => void): () => void
}

const menuItemSchema = z.object({
  id: z.string().max(100),
  label: z.string().max(200),
  /** As the table of commands spells it: `Ctrl+Shift+O`, `PageUp`; null where it has none. */
  key: z.string().max(40).nullable()
})
/** A menu within a menu: what is not always the same, as recent files. */
const subMenuSchema = z.object({ label: z.string().max(200), items: z.array(menuItemSchema).max(50) })
const menuEntrySchema = z.union([z.literal('separator'), menuItemSchema, subMenuSchema])
export const menuDescriptionSchema = z.object({
  label: z.string().max(40),
  /** A menu that the system knows gets the system's own items, too. */
  role: z.enum(['file', 'edit', 'view', 'help']).optional(),
  items: z.array(menuEntrySchema).max(200)
})
export type MenuItem = z.infer<typeof menuItemSchema>
export type SubMenu = z.infer<typeof subMenuSchema>
export type MenuEntry = z.infer<typeof menuEntrySchema>
/** One native menu, as the page describes it. */
export type MenuDescription = z.infer<typeof menuDescriptionSchema>

declare global {
  interface Window {
    /** Present in the desktop program only. */
    readonly desktop?: DesktopBridge
  }
}
