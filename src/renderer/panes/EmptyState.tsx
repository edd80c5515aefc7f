import { keysOf, useBindings } from '../commands/bindings.ts'
import { keyLabel } from '../commands/keys.ts'
import { commandById } from '../commands/table.ts'
import { Icon } from '../controls/Icon.tsx'
import { chooseFiles, openSample } from '../files/openAny.ts'
import { LeftOffer } from '../session/LeftOffer.tsx'
import { useRecent } from '../session/recent.ts'
import { RecentList } from '../session/RecentList.tsx'
import { useSession } from '../stores/session.ts'
import { useVolumes } from '../stores/volumes.ts'

/** The key that a command has now; nothing where it has none. */
function KeyOf({ id }: { id: string }) {
  const key = useBindings((state) => keysOf(commandById(id), state)[0])
  return key === undefined ? null : <kbd>{keyLabel(key)}</kbd>
}

/** What the workspace shows while no tomogram is open. */
export function EmptyState() {
  const { info, failure } = useSession()
  const hasRecent = useRecent((state) => state.files.length > 0)
  const opening = useVolumes((state) => state.files.find((file) => file.failure === null))
  if (failure)
    return (
      <div className="empty" role="alert">
        <h1>{failure.message}</h1>
        <p>{failure.hint}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Reload
        </button>
      </div>
    )
  if (opening)
    return (
      <div className="empty" role="status">
        <h1>Opening {opening.name}</h1>
        <p>Reading the header and sampling the contrast; large files take a few seconds.</p>
        <progress aria-label="Opening" />
      </div>
    )
  return (
    <div className="empty">
      <h1>Drop a tomogram here</h1>
      <p>MRC (.mrc .rec .map .mrcs .st .ali), also compressed with gzip or bzip2; EM, TIFF and OME-Zarr</p>
      <div className="empty-actions">
        <button type="button" className="button button-primary" onClick={() => void chooseFiles()}>
          <Icon name="open" /> Open…
        </button>
        {info?.samplePath && (
          <button type="button" className="button" onClick={() => void openSample()}>
            Open the sample microtubule
          </button>
        )}
      </div>
      <LeftOffer />
      {hasRecent && <RecentList limit={6} />}
      <ul className="empty-hints">
        <li>
          <KeyOf id="next-slice" /> <KeyOf id="previous-slice" /> step through slices, as in 3dmod; so does the wheel
        </li>
        <li>
          <kbd>Ctrl</kbd> + wheel zooms, a drag moves the picture, a right drag sets the contrast
        </li>
        <li>
          <KeyOf id="palette" /> finds whatever you want to do by a word of it, <KeyOf id="keys" /> lists every key
        </li>
      </ul>
    </div>
  )
}
