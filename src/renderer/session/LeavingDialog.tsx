import { Dialog } from '../controls/Dialog.tsx'
import { sessionName, useSessionFile } from './sessionStore.ts'

/** Another session is to be opened, and the one in use has changes that its file has not, or no file. */
export function LeavingDialog() {
  const { leaving, path } = useSessionFile()
  if (!leaving) return null
  return (
    <Dialog
      title={path === null ? 'Save this arrangement as a session?' : `Save changes to ${sessionName(path)}?`}
      onClose={() => leaving.answer('cancel')}
      footer={
        <>
          <button type="button" className="button" onClick={() => leaving.answer('discard')}>
            Don’t save
          </button>
          <span className="top-spring" />
          <button type="button" className="button" onClick={() => leaving.answer('cancel')}>
            Cancel
          </button>
          <button type="button" className="button button-primary" autoFocus onClick={() => leaving.answer('save')}>
            {path === null ? 'Save as…' : 'Save'}
          </button>
        </>
      }
    >
      <p>The session that is opened takes its place. Runs are kept either way.</p>
    </Dialog>
  )
}
