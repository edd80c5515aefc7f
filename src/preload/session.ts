import { ipcRenderer } from 'electron'
import { sessionChannels } from '../shared/session/channels.ts'
import type { SessionBridge } from '../shared/session/desktop.ts'

export const sessionBridge: SessionBridge = {
  choosePath: (suggestedName) => ipcRenderer.invoke(sessionChannels.choosePath, suggestedName),
  locate: (name) => ipcRenderer.invoke(sessionChannels.locate, name),
  tell: (status) => ipcRenderer.send(sessionChannels.tell, status),
  onSaveAndClose: (listener) => {
    const forward = (): void => listener()
    ipcRenderer.on(sessionChannels.saveAndClose, forward)
    return () => ipcRenderer.off(sessionChannels.saveAndClose, forward)
  },
  closeNow: () => ipcRenderer.send(sessionChannels.closeNow)
}
