import type { OpenVolume } from '../../shared/volumes.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { displayOf, useContrast, type Display } from '../stores/contrast.ts'
import { useLayout } from '../stores/layout.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useParts } from './parts.ts'

/** The volume in the active pane, which is the one a palette of values speaks of, and how it is drawn. */
export function useLookedAt(): { base: OpenVolume; display: Display } | null {
  const contrast = useContrast()
  useLayout()
  useVolumes()
  useParts()
  const model = activePaneModel()
  if (!model) return null
  return { base: model.base, display: displayOf(contrast, model.base, model.tomogram, model.contrastScope) }
}
