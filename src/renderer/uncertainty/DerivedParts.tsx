import { useEffect } from 'react'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { adoptVolume } from '../files/openFiles.ts'
import { paneModel } from '../slices/paneModel.ts'
import { useLayout } from '../stores/layout.ts'
import { sayFailure } from '../stores/messages.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { hasParts, madePart, showPart, useParts } from './parts.ts'
import { refreshProbability } from './probability.ts'
import { derive } from './routes.ts'

/** Asked for already, by volume, revision and part: a part is made once, however many panes want it. */
const asked = new Set<string>()

/** Asks the engine for the measured or filled-in parts of what panes show, and again when a running job's maps change. Draws nothing. */
export function DerivedParts() {
  const panes = useLayout((state) => state.panes)
  const { volumes, base, tomogram } = useVolumes()
  const parts = useParts((state) => state.parts)
  useEffect(() => {
    for (const pane of panes) {
      const shown = paneModel(pane.id)?.base
      if (shown) void makePart(wholeOf(shown))
    }
    for (const volume of Object.values(volumes)) refreshProbability(volume)
  }, [panes, volumes, base, tomogram, parts])
  return null
}

function wholeOf(volume: OpenVolume): OpenVolume {
  const { derived } = volume
  return (derived?.kind === 'part' && useVolumes.getState().volumes[derived.from]) || volume
}

async function makePart(volume: OpenVolume): Promise<void> {
  const tomogram = tomogramOf(volume)
  const part = useParts.getState().parts[tomogram] ?? 'all'
  if (part === 'all' || !hasParts(volume)) return
  if (madePart(volume, part)?.derived?.revision === volume.revision) return
  const key = `${volume.id}:${volume.revision}:${part}`
  if (asked.has(key)) return
  asked.add(key)
  try {
    await adoptVolume(await derive({ kind: 'part', volumeId: volume.id, part }))
  } catch (error) {
    asked.delete(key)
    const failure = failureOf(error)
    // Closed meanwhile, or taken back to all: otherwise the same would be asked for again and again.
    if (failure.code === 'volume-unknown' || failure.kind === 'cancelled') return
    showPart(tomogram, 'all')
    sayFailure(failure)
  }
}
