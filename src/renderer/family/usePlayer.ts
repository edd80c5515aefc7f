import { useEffect } from 'react'
import { activePaneModel } from '../slices/paneModel.ts'
import { layerName, useSlices } from '../stores/slices.ts'
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

/** A member that has not been drawn yet is waited for: each is seen, however long its slices take. */
function isOnScreen(): boolean {
  const model = activePaneModel()
  if (!model) return false
  const { slice, failure } = useSlices.getState().layers[layerName(model.pane.id, 'base')] ?? {}
  return Boolean(failure) || slice?.volumeId === model.base.id
}
