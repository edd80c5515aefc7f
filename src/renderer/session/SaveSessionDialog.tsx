import { useState } from 'react'
import { isSessionName } from '../../shared/session/session-file.ts'
import { ApiFailure } from '../api/failures.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FolderList } from '../files/FolderList.tsx'
import { showDialog } from '../stores/session.ts'
import { saveSessionTo, suggestedPath } from './saveSession.ts'
import { useSessionFile } from './sessionStore.ts'

const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** In a browser: where on the machine that wedgeview runs on a session is saved, so that it lies beside its tomograms. */
export function SaveSessionDialog() {
  const [folder, setFolder] = useState<string | null>(null)
  const [name, setName] = useState(() => lastPart(useSessionFile.getState().path ?? suggestedPath()))
  /** The name that is taken already, once a person asked to save to it. */
  const [taken, setTaken] = useState<string | null>(null)
  const fileName = isSessionName(name) ? name : `${name}.wedgeview`
  const save = async (): Promise<void> => {
    if (folder === null || name.trim() === '') return
    try {
      if (await saveSessionTo(`${folder}/${fileName}`, taken === fileName)) showDialog(null)
    } catch (error) {
      if (error instanceof ApiFailure) setTaken(fileName)
    }
  }
  const replaces = taken === fileName
  return (
    <Dialog
      title="Save session"
      onClose={() => showDialog(null)}
      footer={
        <>
          <label className="session-name-field">
            <span className="field-label">Name</span>
            <input type="text" value={name} onChange={({ target }) => setName(target.value)} />
          </label>
          <button type="button" className="button" onClick={() => showDialog(null)}>
            Cancel
          </button>
          <button type="button" className="button button-primary" onClick={() => void save()}>
            {replaces ? 'Replace' : 'Save'}
          </button>
        </>
      }
    >
      {replaces && (
        <p className="run-failure" role="alert">
          <strong>{fileName} is there already.</strong> Replace it, or choose another name.
        </p>
      )}
      <FolderList
        use={({ kind }) => (kind === 'folder' ? 'enter' : kind === 'session' ? 'choose' : null)}
        onChoose={(entry) => setName(entry.name)}
        onFolder={(listing) => setFolder(listing.path)}
      />
    </Dialog>
  )
}
