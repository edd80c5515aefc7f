import { useEffect } from 'react'
import { tip } from '../controls/tip.ts'
import { sessionName, useSessionFile } from './sessionStore.ts'

/** The session in use and whether it has changed since it was saved: in the bar, and in the window's title. */
export function SessionName() {
  const path = useSessionFile((state) => state.path)
  const unsaved = useSessionFile((state) => state.unsaved)
  useEffect(() => {
    document.title = path === null ? 'Wedgeview' : `${unsaved ? '• ' : ''}${sessionName(path)} – Wedgeview`
    window.desktop?.session.tell({ path, unsaved })
  }, [path, unsaved])
  if (path === null) return null
  return (
    <span
      className="session-name"
      data-unsaved={unsaved}
      {...tip(unsaved ? `${path}, changed since it was saved` : path)}
    >
      {sessionName(path)}
      {unsaved && (
        <span role="img" aria-label="changed since it was saved">
          {' •'}
        </span>
      )}
    </span>
  )
}
