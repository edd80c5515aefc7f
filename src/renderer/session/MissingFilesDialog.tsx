import { useState } from 'react'
import { Dialog } from '../controls/Dialog.tsx'
import { FolderList } from '../files/FolderList.tsx'
import { isGone } from './openSession.ts'
import { sessionName, useSessionFile, type MissingAnswer } from './sessionStore.ts'

const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path
const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '')

/** A session's files that are not where they were: each may be pointed to, and others are then looked for beside it. */
export function MissingFilesDialog() {
  const asking = useSessionFile((state) => state.asking)
  /** In a browser: the file whose place is being looked for. */
  const [looking, setLooking] = useState<{ key: string; name: string } | null>(null)
  if (!asking) return null
  const { opened, answer } = asking
  const { session, states, path } = opened
  const missing = session.files.filter(({ key }) => isGone(opened, key))
  const reply = (what: MissingAnswer): void => {
    setLooking(null)
    answer(what)
  }
  const locate = async (key: string, name: string): Promise<void> => {
    if (!window.desktop) return setLooking({ key, name })
    const at = await window.desktop.session.locate(name)
    if (at !== null) reply({ located: { [key]: at } })
  }
  if (looking)
    return (
      <Dialog title={`Where is ${looking.name}?`} onClose={() => setLooking(null)}>
        <FolderList
          use={({ kind }) => (kind === 'folder' ? 'enter' : /^(tomogram|other)$/.test(kind) ? 'choose' : null)}
          onChoose={(entry) => reply({ located: { [looking.key]: entry.path } })}
        />
      </Dialog>
    )
  const all = missing.length === session.files.length
  return (
    <Dialog
      title={path === null ? 'Files have moved' : `Files of ${sessionName(path)} have moved`}
      onClose={() => reply('cancel')}
      footer={
        <>
          <span className="top-spring" />
          <button type="button" className="button" onClick={() => reply('cancel')}>
            Cancel
          </button>
          <button type="button" className="button" disabled={all} onClick={() => reply('without')}>
            Open without {missing.length === 1 ? 'it' : 'them'}
          </button>
        </>
      }
    >
      <p>
        {missing.length === 1
          ? 'This file is not where it was when the session was saved.'
          : 'These files are not where they were when the session was saved. Where one is found, the others are looked for beside it.'}
      </p>
      <ul className="missing-files">
        {missing.map((file) => {
          const name = lastPart(file.lastSeen ?? file.path)
          return (
            <li key={file.key}>
              <span className="missing-name">
                {name}
                <span className="hint">
                  {states[file.key] === 'forbidden'
                    ? `${file.path} is not below the folder that is served`
                    : `was in ${folderOf(file.lastSeen ?? file.path)}`}
                </span>
              </span>
              <button
                type="button"
                className="button"
                aria-label={`Locate ${name}`}
                onClick={() => void locate(file.key, name)}
              >
                Locate…
              </button>
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
