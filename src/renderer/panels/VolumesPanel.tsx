import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { CommandButton } from '../commands/CommandButton.tsx'
import { openPaths } from '../files/openFiles.ts'
import { fileOpened, useVolumes } from '../stores/volumes.ts'
import { TomogramEntry } from './TomogramEntry.tsx'

/** Left: what is open, what came out of runs, and which of it is drawn. */
export function VolumesPanel() {
  const { volumes, order, files } = useVolumes()
  const tomograms = order.map((id) => volumes[id]).filter(({ region }) => region === null)
  return (
    <aside className="panel panel-left" aria-label="Volumes and results">
      <div className="panel-bar">
        <h2>Volumes</h2>
        <CommandButton id="open" icon="open" />
      </div>
      <div className="panel-scroll">
        {tomograms.map((tomogram) => (
          <TomogramEntry key={tomogram.id} tomogram={tomogram} />
        ))}
        {files.map((file) =>
          file.failure ? (
            <div key={file.path} className="file-failure" role="alert">
              <div className="file-failure-head">
                <Icon name="warning" />
                <strong>{file.name}</strong>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Dismiss ${file.name}`}
                  onClick={() => fileOpened(file.path)}
                >
                  <Icon name="close" />
                </button>
              </div>
              <p>{file.failure.message}</p>
              <p className="hint">{file.failure.hint}</p>
              {file.failure.code !== 'dropped-without-path' && (
                <button
                  type="button"
                  className="button"
                  onClick={() => void openPaths([file.path])}
                  {...tip('Reads the file again')}
                >
                  Try again
                </button>
              )}
            </div>
          ) : (
            <p key={file.path} className="file-opening" role="status">
              Opening {file.name} …
            </p>
          )
        )}
        {tomograms.length === 0 && files.length === 0 && (
          <p className="panel-note">Nothing open yet. Volumes and the results of runs are listed here.</p>
        )}
      </div>
    </aside>
  )
}
