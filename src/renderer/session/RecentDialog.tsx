import { Dialog } from '../controls/Dialog.tsx'
import { showDialog } from '../stores/session.ts'
import { clearRecent, useRecent } from './recent.ts'
import { RecentList } from './RecentList.tsx'

/** Opens one of the recent files; where there is no native menu that lists them, or by the palette. */
export function RecentDialog() {
  const isEmpty = useRecent((state) => state.files.length === 0)
  return (
    <Dialog
      title="Open a recent file"
      onClose={() => showDialog(null)}
      footer={
        <>
          <button type="button" className="button" disabled={isEmpty} onClick={() => void clearRecent()}>
            Clear the list
          </button>
          <span className="top-spring" />
          <button type="button" className="button" onClick={() => showDialog(null)}>
            Close
          </button>
        </>
      }
    >
      {isEmpty ? <p>Nothing was opened yet.</p> : <RecentList onOpen={() => showDialog(null)} />}
    </Dialog>
  )
}
