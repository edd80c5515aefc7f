import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { openPaths } from '../files/openFiles.ts'
import { fileOpened, type FailedFile } from '../stores/volumes.ts'

/** A file that could not be opened: what happened, what to do, and what can be done right here. */
export function FileFailure({ file }: { file: FailedFile }) {
  const { path, name, failure } = file
  const { readableSections, sections } = failure.details ?? {}
  const isCut = failure.code === 'mrc-truncated' || failure.code === 'mrc-corrupt-compression'
  const hasPart = isCut && Number(readableSections) > 0
  return (
    <div className="file-failure" role="alert">
      <div className="file-failure-head">
        <Icon name="warning" />
        <strong>{name}</strong>
        <button type="button" className="icon-button" aria-label={`Dismiss ${name}`} onClick={() => fileOpened(path)}>
          <Icon name="close" />
        </button>
      </div>
      <p>{failure.message}</p>
      <p className="hint">{failure.hint}</p>
      <div className="file-failure-actions">
        {hasPart && (
          <button
            type="button"
            className="button"
            onClick={() => void openPaths([path], 'read')}
            {...tip('What is missing is hatched, and counts in no statistics')}
          >
            Open the part that is there ({readableSections} of {sections} sections)
          </button>
        )}
        {failure.code !== 'dropped-without-path' && (
          <button
            type="button"
            className="button"
            onClick={() => void openPaths([path])}
            {...tip('Reads the file again')}
          >
            Try again
          </button>
        )}
      </div>
    </div>
  )
}
