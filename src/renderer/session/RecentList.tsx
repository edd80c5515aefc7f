import type { RecentFile } from '../../shared/session/api.ts'
import { tip } from '../controls/tip.ts'
import { openRecent, useRecent } from './recent.ts'

const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '')

/** The recent files as buttons: name, and where it lies. */
export function RecentList({ limit, onOpen }: { limit?: number; onOpen?(): void }) {
  const files = useRecent((state) => state.files)
  return (
    <ul className="recent-files" aria-label="Recent files">
      {files.slice(0, limit).map((file) => (
        <li key={file.path}>
          <RecentButton file={file} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  )
}

function RecentButton({ file, onOpen }: { file: RecentFile; onOpen?: () => void }) {
  return (
    <button
      type="button"
      data-kind={file.kind}
      onClick={() => {
        onOpen?.()
        void openRecent(file.path)
      }}
      {...tip(file.path)}
    >
      <span className="recent-name">{file.name}</span>
      <span className="recent-folder">
        <bdi>{folderOf(file.path)}</bdi>
      </span>
    </button>
  )
}
