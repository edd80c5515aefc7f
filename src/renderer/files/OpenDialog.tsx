import { useEffect, useState } from 'react'
import type { FileListing } from '../../shared/api.ts'
import type { Failure } from '../../shared/errors.ts'
import { failureOf } from '../api/failures.ts'
import { listFiles } from '../api/routes.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { Icon } from '../controls/Icon.tsx'
import { formatBytes } from '../numbers/format.ts'
import { showDialog } from '../stores/session.ts'
import { currentTomogram, useVolumes } from '../stores/volumes.ts'
import { addBundle } from './openBundle.ts'
import { openPaths } from './openFiles.ts'

/** Where the dialog was last; a session's browsing starts again there. */
let lastFolder: string | null = null

/** The folder of the tomogram looked at, where nothing was browsed yet. */
function startFolder(): string | null {
  const path = currentTomogram(useVolumes.getState())?.info.path
  return lastFolder ?? path?.replace(/[\\/][^\\/]*$/, '') ?? null
}

/** In a browser: the files of the machine that wedgeview runs on, below the folder it was given. */
export function OpenDialog({ what }: { what: 'tomogram' | 'bundle' }) {
  const [folder, setFolder] = useState<string | null>(startFolder)
  const [listing, setListing] = useState<FileListing | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)

  useEffect(() => {
    const abort = new AbortController()
    listFiles(folder, abort.signal).then(
      (found) => {
        setListing(found)
        setFailure(null)
        lastFolder = found.path
      },
      (error: unknown) => {
        if (abort.signal.aborted) return
        setFailure(failureOf(error))
        // A folder that is gone or not allowed: what may be listed is still shown.
        if (folder !== null && lastFolder !== folder) setFolder(null)
      }
    )
    return () => abort.abort()
  }, [folder])

  const choose = (path: string): void => {
    showDialog(null)
    void (what === 'bundle' ? addBundle(path) : openPaths([path]))
  }

  return (
    <Dialog title={what === 'bundle' ? 'Open a bundle' : 'Open a tomogram'} onClose={() => showDialog(null)}>
      <div className="file-path">
        <button
          type="button"
          className="icon-button"
          aria-label="Folder above"
          disabled={!listing?.parent}
          onClick={() => setFolder(listing?.parent ?? null)}
        >
          <Icon name="up" />
        </button>
        <span>{listing?.path ?? ''}</span>
      </div>
      {failure && (
        <p className="run-failure" role="alert">
          <strong>{failure.message}</strong> {failure.hint}
        </p>
      )}
      <ul className="file-list" aria-label="Files">
        {listing?.entries.map((entry) => {
          const opens = entry.kind === what || (what === 'tomogram' && entry.kind === 'other')
          const enters = entry.kind === 'folder' || (what === 'tomogram' && entry.kind === 'bundle')
          return (
            <li key={entry.path}>
              <button
                type="button"
                data-kind={entry.kind}
                autoFocus={entry === listing.entries[0]}
                disabled={!opens && !enters}
                onClick={() => (opens ? choose(entry.path) : setFolder(entry.path))}
              >
                {(enters || entry.kind === 'bundle') && <Icon name="folder" />}
                <span className="file-name">{entry.name}</span>
                <span className="file-size">{entry.bytes === null ? '' : formatBytes(entry.bytes)}</span>
              </button>
            </li>
          )
        })}
        {listing?.entries.length === 0 && <li className="panel-note">This folder is empty.</li>}
      </ul>
      {what === 'bundle' && listing && (
        <div className="dialog-foot">
          <button
            type="button"
            className="button"
            onClick={() => {
              lastFolder = listing.parent ?? listing.path
              choose(listing.path)
            }}
          >
            Use this folder
          </button>
        </div>
      )}
    </Dialog>
  )
}
