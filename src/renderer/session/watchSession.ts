import type { SessionFile } from '../../shared/session/session-file.ts'
import { useBeamGlyph } from '../directions/beamGlyphStore.ts'
import { useSpectrumChoice } from '../directions/spectrumChoice.ts'
import { useFamilyBench } from '../family/familyStore.ts'
import { useMeasure } from '../measure/measurements.ts'
import { useBundles } from '../stores/bundles.ts'
import { useContrast } from '../stores/contrast.ts'
import { useFilters } from '../stores/filters.ts'
import { useJobs } from '../stores/jobs.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { useOverlay } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { useRunPlan } from '../stores/runPlan.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useVolumeView } from '../stores/volumeView.ts'
import { useWedge } from '../stores/wedge.ts'
import { useParts } from '../uncertainty/parts.ts'
import { onDocumentChange } from './documents.ts'
import { autosaveRoute, dropAutosave, leaveRoute, putAutosave } from './routes.ts'
import { sessionDocument, worthSaving } from './sessionDocument.ts'
import { useSessionFile } from './sessionStore.ts'

/** So long after the last change at the latest the window knows whether there is something unsaved, and then keeps it. */
const noticeMs = 150
const keepMs = 2000

const watched = [
  useBeamGlyph,
  useBundles,
  useContrast,
  useFamilyBench,
  useFilters,
  useJobs,
  useLayout,
  useLinks,
  useMeasure,
  useOverlay,
  useParts,
  useRegion,
  useRunPlan,
  useSessionFile,
  useSpectrumChoice,
  useView,
  useVolumes,
  useVolumeView,
  useWedge
]

/** Keeps what is open as it changes, and knows whether it is saved. Returns a function that stops. */
export function watchSession(): () => void {
  const keeper = new Keeper()
  const stops = [
    ...watched.map((store) => store.subscribe(() => keeper.changed())),
    onDocumentChange(() => keeper.changed())
  ]
  const onHide = (): void => keeper.leave()
  window.addEventListener('pagehide', onHide)
  keeper.changed()
  return () => {
    stops.forEach((stop) => stop())
    window.removeEventListener('pagehide', onHide)
  }
}

class Keeper {
  #noticing: number | null = null
  #keeping: number | null = null
  /** What was sent last, without its time. */
  #kept: string | null = null
  #isSending = false

  changed(): void {
    this.#noticing ??= window.setTimeout(() => this.#notice(), noticeMs)
    this.#keeping ??= window.setTimeout(() => void this.#keep(), keepMs)
  }

  /** The page goes: what was not kept yet is sent along, as far as the browser lets it. */
  leave(): void {
    const next = this.#next()
    const isNew = next !== null && next.print !== this.#kept && next.body !== null
    // A beacon would do, but the desktop's own scheme takes none.
    const sent = isNew
      ? fetch(autosaveRoute(), {
          method: 'PUT',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...next.body, leaving: true }),
          keepalive: true
        })
      : fetch(leaveRoute(), { method: 'POST', keepalive: true })
    void sent.catch(() => undefined)
  }

  #notice(): void {
    this.#noticing = null
    const { opening, path, savedAs, unsaved } = useSessionFile.getState()
    if (opening) return
    const session = path === null ? null : sessionDocument('')
    // With the last tomogram the session is put away: there is nothing left of it that could be saved.
    if (session?.files.length === 0) return useSessionFile.setState({ path: null, unsaved: false, lost: null })
    const now = session !== null && worthSaving(session) !== savedAs
    if (now !== unsaved) useSessionFile.setState({ unsaved: now })
  }

  async #keep(): Promise<void> {
    this.#keeping = null
    // One at a time: the last one has to arrive last.
    if (this.#isSending) return this.changed()
    const next = this.#next()
    if (!next || next.print === this.#kept) return
    this.#isSending = true
    try {
      await (next.body ? putAutosave(next.body) : dropAutosave())
      this.#kept = next.print
    } catch {
      // The engine is away, or may not read a file any more: the next change tries again.
    } finally {
      this.#isSending = false
    }
  }

  /** What is to be kept now, null while a session is being opened; `body` null: nothing is open. */
  #next(): { print: string; body: { session: SessionFile; path: string | null; unsaved: boolean } | null } | null {
    const { opening, path, unsaved } = useSessionFile.getState()
    if (opening) return null
    const session = sessionDocument('')
    if (session.files.length === 0) return { print: '', body: null }
    const body = { session: { ...session, savedAt: new Date().toISOString() }, path, unsaved }
    return { print: JSON.stringify({ session, path, unsaved }), body }
  }
}
