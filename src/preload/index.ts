import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron'
import { desktopChannels, type BeginOutcome, type SaveOutcome, type WriteOutcome } from '../shared/desktop-channels.ts'
import type { DesktopBridge } from '../shared/desktop.ts'
import { sessionBridge } from './session.ts'

type Platform = DesktopBridge['platform']
const platform: Platform = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux'

/** Listens on a channel without handing Electron's event object to the page. */
function listen<Payload>(channel: string, listener: (payload: Payload) => void): () => void {
  const forward = (_event: IpcRendererEvent, payload: Payload): void => listener(payload)
  ipcRenderer.on(channel, forward)
  return () => ipcRenderer.off(channel, forward)
}

async function writing(channel: string, ...args: unknown[]): Promise<void> {
  const outcome: WriteOutcome = await ipcRenderer.invoke(channel, ...args)
  if ('refused' in outcome) throw new Error(outcome.refused)
}

const bridge: DesktopBridge = {
  platform,
  openFiles: () => ipcRenderer.invoke(desktopChannels.openFiles),
  openFolder: () => ipcRenderer.invoke(desktopChannels.openFolder),
  openBundle: () => ipcRenderer.invoke(desktopChannels.openBundle),
  grantDroppedFile: async (file) => {
    const path = webUtils.getPathForFile(file)
    return path === '' ? null : await ipcRenderer.invoke(desktopChannels.grantDroppedPath, path)
  },
  saveResponse: async (request, suggestedName) => {
    const outcome: SaveOutcome = await ipcRenderer.invoke(desktopChannels.saveResponse, request, suggestedName)
    if ('refused' in outcome) throw new Error(outcome.refused)
    return 'saved' in outcome ? outcome.saved : null
  },
  beginFile: async (suggestedName) => {
    const outcome: BeginOutcome = await ipcRenderer.invoke(desktopChannels.beginFile, suggestedName)
    if ('refused' in outcome) throw new Error(outcome.refused)
    return 'id' in outcome ? outcome : null
  },
  writeFile: (id, position, bytes) => writing(desktopChannels.writeFile, id, position, bytes),
  finishFile: (id) => writing(desktopChannels.finishFile, id),
  discardFile: (id) => writing(desktopChannels.discardFile, id),
  session: sessionBridge,
  showInFolder: (path) => ipcRenderer.invoke(desktopChannels.showInFolder, path),
  onOpenFiles: (listener) => {
    const stop = listen<string[]>(desktopChannels.filesToOpen, listener)
    ipcRenderer.send(desktopChannels.awaitFiles)
    return stop
  },
  showMenu: (menus) => ipcRenderer.send(desktopChannels.showMenu, menus),
  onMenuCommand: (listener) => listen<string>(desktopChannels.menuCommand, listener)
}

contextBridge.exposeInMainWorld('desktop', bridge)
