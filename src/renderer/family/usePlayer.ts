import { useEffect } from 'react'
import { activePaneModel } from '../slices/paneModel.ts'
import { useLayout } from '../stores/layout.ts'
import { drawnIn } from '../stores/shownBlocks.ts'
import { layerName, useSlices } from '../stores/slices.ts'
import { volumeModel } from '../volume3d/volumeModel.ts'
import { useFamilyBench } from './familyStore.ts'
import { stepMember } from './showMember.ts'

/** Whether motion is unwelcome; then members change only one by one, by hand. */
export function prefersStill(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** While the animation runs: goes on to the next member when the present one has been on screen for long enough. */
export function usePlayer(): void {
  const playing = useFamilyBench((state) => state.playing)
  const speed = useFamilyBench((state) => state.membersPerSecond)
  useEffect(() => {
    if (!playing) return
    const timer = window.setInterval(() => {
      if (isOnScreen()) stepMember(1)
    }, 1000 / speed)
    return () => window.clearInterval(timer)
  }, [playing, speed])
}

/** A member that has not been drawn yet is waited for: each is seen, however long its slices and its surface take. */
function isOnScreen(): boolean {
  const model = activePaneModel()
  const inSpace = useLayout
    .getState()
    .panes.filter(({ kind }) => kind === 'volume')
    .flatMap(({ id }) => volumeModel(id) ?? [])
  if (!model && inSpace.length === 0) return false
  if (inSpace.some(({ paneId, base }) => base.role === 'member' && drawnIn(paneId) !== base.id)) return false
  if (!model) return true
  const { slice, failure } = useSlices.getState().layers[layerName(model.pane.id, 'base')] ?? {}
  return Boolean(failure) || slice?.volumeId === model.base.id
}
