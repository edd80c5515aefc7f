import { app, dialog, ipcMain, shell, type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import type { Api } from '../engine/api/options.ts'
import { desktopChannels, type SaveOutcome } from '../shared/desktop-channels.ts'
import { menuDescriptionSchema, type MenuDescription } from '../shared/desktop.ts'
import { failureSchema, toFailure } from '../shared/errors.ts'
import { appOrigin, isApiPath } from './app-scheme.ts'
import { isOwnPage } from './page-security.ts'
import { provideFileWriting } from './file-writing.ts'
import type { PathGrants } from './path-grants.ts'
import { saveResponseBody } from './save-response.ts'
import { openFilters } from './tomogram-filters.ts'
import type { WaitingFiles } from './waiting-files.ts'

export interface DesktopServices {
  window: () => BrowserWindow
  api: Api
  grants: PathGrants
  waitingFiles: WaitingFiles
  showMenu: (menus: readonly MenuDescription[]) => void
}

const pathSchema = z.string().min(1)
const saveRequestSchema = z.object({ path: z.string().refine(isApiPath), body: z.unknown().optional() })
const suggestedNameSchema = z.string().max(200)

/** Answers the window's preload; each message is checked for where it comes from and what it holds. */
export function provideDesktopServices({ window, api, grants, waitingFiles, showMenu }: DesktopServices): void {
  handle(desktopChannels.openFiles, async () => {
    const { filePaths } = await dialog.showOpenDialog(window(), {
      title: 'Open tomogram or session',
      filters: openFilters,
      properties: ['openFile', 'multiSelections']
    })
    filePaths.forEach((path) => grantAndRemember(grants, path))
    return filePaths
  })

  handle(desktopChannels.openBundle, async () => {
    const { filePaths } = await dialog.showOpenDialog(window(), { title: 'Open bundle', properties: ['openDirectory'] })
    const [path] = filePaths
    if (path === undefined) return null
    grants.grant(path)
    return path
  })

  // Of its own, because no dialog but the Mac's offers files and folders at once.
  handle(desktopChannels.openFolder, async () => {
    const { filePaths } = await dialog.showOpenDialog(window(), {
      title: 'Open OME-Zarr folder',
      properties: ['openDirectory', 'multiSelections']
    })
    filePaths.forEach((path) => grantAndRemember(grants, path))
    return filePaths
  })

  handle(desktopChannels.grantDroppedPath, (path) => {
    const dropped = pathSchema.parse(path)
    grantAndRemember(grants, dropped)
    return dropped
  })

  handle(desktopChannels.saveResponse, async (request, suggestedName) => {
    const asked = saveRequestSchema.parse(request)
    return saveResponse(window(), api, asked, suggestedNameSchema.parse(suggestedName))
  })

  provideFileWriting(handle, window)

  handle(desktopChannels.showInFolder, (path) => {
    const folder = pathSchema.parse(path)
    if (grants.mayRead(folder)) shell.showItemInFolder(folder)
  })

  ipcMain.on(desktopChannels.showMenu, (event, menus: unknown) => {
    const described = z.array(menuDescriptionSchema).max(30).safeParse(menus)
    if (comesFromOwnPage(event) && described.success) showMenu(described.data)
  })

  ipcMain.on(desktopChannels.awaitFiles, (event) => {
    if (comesFromOwnPage(event)) waitingFiles.listen((paths) => event.sender.send(desktopChannels.filesToOpen, paths))
  })
}

/** Grants a file the person chose and lists it under the system's recent documents. */
export function grantAndRemember(grants: PathGrants, path: string): void {
  grants.grant(path)
  app.addRecentDocument(path)
}

function handle(channel: string, answer: (...args: unknown[]) => unknown): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) => {
    if (!comesFromOwnPage(event)) throw new Error('This page may not use the desktop.')
    return answer(...args)
  })
}

function comesFromOwnPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return event.senderFrame !== null && isOwnPage(event.senderFrame.url, appOrigin)
}

async function saveResponse(
  window: BrowserWindow,
  api: Api,
  asked: z.infer<typeof saveRequestSchema>,
  suggestedName: string
): Promise<SaveOutcome> {
  const { filePath } = await dialog.showSaveDialog(window, { defaultPath: suggestedName })
  if (!filePath) return { cancelled: true }
  try {
    const response = await api.fetch(apiRequest(asked))
    if (!response.ok) return { refused: await refusalText(response) }
    await saveResponseBody(response, filePath)
    return { saved: filePath }
  } catch (error) {
    const { message } = toFailure(error)
    return { refused: `${filePath} could not be written: ${message}. Choose another place, or free some space.` }
  }
}

function apiRequest({ path, body }: z.infer<typeof saveRequestSchema>): Request {
  const url = new URL(path, appOrigin)
  if (body === undefined) return new Request(url)
  return new Request(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body)
  })
}

async function refusalText(response: Response): Promise<string> {
  const failure = failureSchema.safeParse(await response.json().catch(() => null))
  return failure.success ? `${failure.data.message} ${failure.data.hint}` : `The engine answered ${response.status}.`
}
