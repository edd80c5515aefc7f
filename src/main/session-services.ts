import { dialog, ipcMain, type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { basename } from 'node:path'
import { z } from 'zod'
import type { Api } from '../engine/api/options.ts'
import { sessionChannels } from '../shared/session/channels.ts'
import { sessionStatusSchema, type SessionStatus } from '../shared/session/desktop.ts'
import { isSessionName, sessionExtension } from '../shared/session/session-file.ts'
import { appOrigin } from './app-scheme.ts'
import { isOwnPage } from './page-security.ts'
import type { PathGrants } from './path-grants.ts'
import { tomogramFilters } from './tomogram-filters.ts'

interface SessionServices {
  window: BrowserWindow
  api: Api
  grants: PathGrants
}

const suggestedPathSchema = z.string().max(4096)
const nameSchema = z.string().max(300)

/** Dialogs for sessions, and the question before the window closes on changes that a session's file has not. */
export function provideSessionServices({ window, api, grants }: SessionServices): void {
  let status: SessionStatus = { path: null, unsaved: false }
  let isAsking = false

  const handle = (channel: string, answer: (...args: unknown[]) => unknown): void =>
    ipcMain.handle(channel, (event, ...args: unknown[]) => {
      if (!comesFromOwnPage(event)) throw new Error('This page may not use the desktop.')
      return answer(...args)
    })
  const listen = (channel: string, hear: (...args: unknown[]) => void): void => {
    ipcMain.on(channel, (event, ...args: unknown[]) => {
      if (comesFromOwnPage(event)) hear(...args)
    })
  }

  handle(sessionChannels.choosePath, async (suggested) => {
    const { filePath } = await dialog.showSaveDialog(window, {
      title: 'Save session',
      defaultPath: suggestedPathSchema.parse(suggested),
      filters: [{ name: 'Wedgeview session', extensions: [sessionExtension] }]
    })
    if (!filePath) return null
    const path = isSessionName(filePath) ? filePath : `${filePath}.${sessionExtension}`
    grants.grant(path)
    return path
  })

  handle(sessionChannels.locate, async (name) => {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: `Where is ${nameSchema.parse(name)}?`,
      filters: tomogramFilters,
      properties: ['openFile']
    })
    const [path] = filePaths
    if (path === undefined) return null
    grants.grant(path)
    return path
  })

  listen(sessionChannels.tell, (told) => {
    const parsed = sessionStatusSchema.safeParse(told)
    if (!parsed.success) return
    status = parsed.data
    // What a Mac's title bar shows: the file's icon, and a dot in the close button.
    window.setRepresentedFilename(status.path ?? '')
    window.setDocumentEdited(status.unsaved)
  })

  listen(sessionChannels.closeNow, () => window.destroy())
  // A page that starts anew, also after a crash, tells what it has.
  window.webContents.on('did-start-loading', () => (status = { path: null, unsaved: false }))

  window.on('close', (event) => {
    // Another question comes first (file-writing.ts).
    if (event.defaultPrevented || status.path === null || !status.unsaved) return
    event.preventDefault()
    if (isAsking) return
    isAsking = true
    void askToSave(window, status.path)
      .then(async (answer) => {
        if (answer === 'save') window.webContents.send(sessionChannels.saveAndClose)
        if (answer !== 'discard') return
        await api.fetch(new Request(new URL('/api/sessions/autosave', appOrigin), { method: 'DELETE' }))
        window.destroy()
      })
      .finally(() => (isAsking = false))
  })
}

async function askToSave(window: BrowserWindow, path: string): Promise<'save' | 'discard' | 'cancel'> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Wedgeview',
    message: `Save changes to ${basename(path)}?`,
    detail: 'Runs are kept either way.',
    buttons: ['Save', 'Don’t save', 'Cancel'],
    defaultId: 0,
    cancelId: 2
  })
  return response === 0 ? 'save' : response === 1 ? 'discard' : 'cancel'
}

function comesFromOwnPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return event.senderFrame !== null && isOwnPage(event.senderFrame.url, appOrigin)
}
