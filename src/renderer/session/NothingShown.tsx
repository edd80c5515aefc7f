import { methods } from '../../shared/methods.ts'
import { missingKey, useSessionFile, type Lost } from './sessionStore.ts'

/** In a pane without a volume: why there is none, and what helps. */
export function NothingShown({ volumeId }: { volumeId: string | null }) {
  const lost = useSessionFile((state) => state.lost)
  const key = volumeId === null ? null : missingKey(volumeId)
  const what = key === null || !lost ? null : missingName(key, lost)
  return (
    <p className="pane-note">
      {what === null
        ? 'Nothing to show here any more. Choose a volume above or in the list.'
        : `${what} is missing: it was not found when the session was opened. Open the session again to locate it, or choose a volume.`}
    </p>
  )
}

const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** What a session's volume is, in words: `mean of CryoWGEN-II, cryowgen-2-1`. */
function missingName(key: string, { session }: Pick<Lost, 'session'>): string {
  const volume = session.volumes.find((other) => other.key === key)
  if (!volume) return 'What was shown here'
  switch (volume.kind) {
    case 'tomogram': {
      const file = session.files.find((other) => other.key === volume.file)
      return file ? lastPart(file.lastSeen ?? file.path) : 'The tomogram shown here'
    }
    case 'map':
    case 'probability': {
      const run = session.runs.find((other) => other.key === volume.run)
      const name = volume.kind === 'map' ? volume.map : 'P(x > t)'
      return run ? `${name} of ${methods[run.method].name} (${lastPart(run.path)})` : name
    }
    case 'part':
    case 'resampled':
      return missingName(volume.of, { session })
  }
}
