import { useEffect } from 'react'
import { useSession } from '../stores/session.ts'
import { LeavingDialog } from './LeavingDialog.tsx'
import { MissingFilesDialog } from './MissingFilesDialog.tsx'
import { RecentDialog } from './RecentDialog.tsx'
import { saveSession } from './saveSession.ts'
import { SaveSessionDialog } from './SaveSessionDialog.tsx'

/** Every dialog about sessions, and the desktop's wish to save before the window closes. */
export function SessionDialogs() {
  const dialog = useSession((state) => state.dialog)
  useEffect(
    () =>
      window.desktop?.session.onSaveAndClose(() => {
        void saveSession().then((saved) => saved && window.desktop?.session.closeNow())
      }),
    []
  )
  return (
    <>
      {dialog === 'save-session' && <SaveSessionDialog />}
      {dialog === 'open-recent' && <RecentDialog />}
      <MissingFilesDialog />
      <LeavingDialog />
    </>
  )
}
