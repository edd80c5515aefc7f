import { useState } from 'react'
import type { FileListing } from '../../shared/api.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { showDialog } from '../stores/session.ts'
import { browseFrom, FolderList } from './FolderList.tsx'
import { addBundle } from './openBundle.ts'
import { openAny } from './openAny.ts'

/** In a browser: opens a tomogram, a session or a bundle of the machine that wedgeview runs on. */
export function OpenDialog({ what }: { what: 'tomogram' | 'bundle' }) {
  const [listing, setListing] = useState<FileListing | null>(null)
  const choose = (path: string): void => {
    showDialog(null)
    void (what === 'bundle' ? addBundle(path) : openAny([path]))
  }
  const opens = (kind: string): boolean => kind === what || (what === 'tomogram' && /^(session|other)$/.test(kind))
  const enters = (kind: string): boolean => kind === 'folder' || (what === 'tomogram' && kind === 'bundle')
  return (
    <Dialog
      title={what === 'bundle' ? 'Open a bundle' : 'Open a tomogram or a session'}
      onClose={() => showDialog(null)}
    >
      <FolderList
        use={({ kind }) => (opens(kind) ? 'choose' : enters(kind) ? 'enter' : null)}
        onChoose={({ path }) => choose(path)}
        onFolder={setListing}
      />
      {what === 'bundle' && listing && (
        <div className="dialog-foot">
          <button
            type="button"
            className="button"
            onClick={() => {
              browseFrom(listing.parent ?? listing.path)
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
