import { CommandButton } from '../commands/CommandButton.tsx'
import { useVolumes } from '../stores/volumes.ts'
import { FileFailure } from './FileFailure.tsx'
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
            <FileFailure key={file.path} file={{ ...file, failure: file.failure }} />
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
