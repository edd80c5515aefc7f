import { useEffect, useState, type ReactNode } from 'react'
import type { FileListing } from '../../shared/api.ts'
import type { Failure } from '../../shared/errors.ts'
import { failureOf } from '../api/failures.ts'
import { listFiles } from '../api/routes.ts'
import { Icon } from '../controls/Icon.tsx'
import { formatBytes } from '../numbers/format.ts'
import { currentTomogram, useVolumes } from '../stores/volumes.ts'

type Entry = FileListing['entries'][number]

interface FolderListProps {
  /** Whether an entry may be chosen, entered like a folder, or neither. */
  use(entry: Entry): 'choose' | 'enter' | null
  onChoose(entry: Entry): void
  /** Which folder is listed now. */
  onFolder?(listing: FileListing): void
}

/** Where a list was last; a window's browsing starts again there. */
let lastFolder: string | null = null

export function browseFrom(folder: string): void {
  lastFolder = folder
}

/** The folder of the tomogram looked at, where nothing was browsed yet. */
function startFolder(): string | null {
  const path = currentTomogram(useVolumes.getState())?.info.path
  return lastFolder ?? path?.replace(/[\\/][^\\/]*$/, '') ?? null
}

/** In a browser: the files of the machine that wedgeview runs on, below the folder it was given. */
export function FolderList({ use, onChoose, onFolder }: FolderListProps): ReactNode {
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
        onFolder?.(found)
      },
      (error: unknown) => {
        if (abort.signal.aborted) return
        setFailure(failureOf(error))
        // A folder that is gone or not allowed: what may be listed is still shown.
        if (folder !== null && lastFolder !== folder) setFolder(null)
      }
    )
    return () => abort.abort()
  }, [folder, onFolder])

  return (
    <>
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
          const used = use(entry)
          return (
            <li key={entry.path}>
              <button
                type="button"
                data-kind={entry.kind}
                autoFocus={entry === listing.entries[0]}
                disabled={used === null}
                onClick={() => (used === 'choose' ? onChoose(entry) : setFolder(entry.path))}
              >
                {(used === 'enter' || entry.kind === 'bundle') && <Icon name="folder" />}
                <span className="file-name">{entry.name}</span>
                <span className="file-size">{entry.bytes === null ? '' : formatBytes(entry.bytes)}</span>
              </button>
            </li>
          )
        })}
        {listing?.entries.length === 0 && <li className="panel-note">This folder is empty.</li>}
      </ul>
    </>
  )
}
