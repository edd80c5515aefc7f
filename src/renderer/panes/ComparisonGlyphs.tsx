import { useEffect, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { PaneTransform } from '../geometry/paneTransform.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { flip, useFlicker } from '../stores/comparison.ts'
import { layerTitle } from './layerTitle.ts'
import { editComparison } from './compare.ts'

/** Which of the two is where: letters in the corners, and the handle of a swipe. */
export function ComparisonGlyphs({ model, transform }: { model: PaneModel; transform: PaneTransform }) {
  const { comparison, pane, base } = model
  const showsOther = useFlicker((state) => state.showsOther[pane.id] ?? false)
  const flickers = comparison?.settings.mode === 'flicker' && comparison.relation.kind !== 'different'
  const period = flickers && comparison.settings.playing ? 1000 / comparison.settings.rate : null

  useEffect(() => {
    if (period === null) return
    const timer = window.setInterval(() => flip(pane.id), period)
    return () => window.clearInterval(timer)
  }, [period, pane.id])

  if (!comparison || comparison.relation.kind === 'different') return null
  const { mode } = comparison.settings
  const tag = (which: 'A' | 'B'): string => `${which} ${layerTitle(which === 'A' ? base : comparison.other)}`
  return (
    <>
      {(mode === 'swipe' || (mode === 'flicker' && !showsOther)) && (
        <span className="compare-tag" data-tag="A">
          {tag('A')}
        </span>
      )}
      {(mode === 'swipe' || (mode === 'flicker' && showsOther)) && (
        <span className="compare-tag" data-tag="B" data-side={mode === 'swipe' ? 'right' : undefined}>
          {tag('B')}
        </span>
      )}
      {mode === 'swipe' && <SwipeHandle pane={pane.id} at={comparison.settings.swipe} width={transform.width} />}
    </>
  )
}

const step = 0.02

function SwipeHandle({ pane, at, width }: { pane: string; at: number; width: number }) {
  const [dragging, setDragging] = useState(false)
  const moveTo = (share: number): void => editComparison(pane, { swipe: Math.min(1, Math.max(0, share)) })

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = step * (event.shiftKey ? 5 : 1)
    const to: Readonly<Record<string, number>> = { ArrowLeft: at - by, ArrowRight: at + by, Home: 0, End: 1 }
    if (to[event.key] === undefined) return
    event.preventDefault()
    event.stopPropagation()
    moveTo(to[event.key])
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.stopPropagation()
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setDragging(true)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    event.stopPropagation()
    const picture = event.currentTarget.parentElement?.getBoundingClientRect()
    if (dragging && picture) moveTo((event.clientX - picture.left) / width)
  }
  const onPointerUp = (event: PointerEvent): void => {
    event.stopPropagation()
    setDragging(false)
  }

  return (
    <div
      className="swipe-handle"
      style={{ left: at * width }}
      role="slider"
      tabIndex={0}
      aria-label="Swipe between A and B"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={`A left of ${Math.round(at * 100)} %`}
      data-dragging={dragging || undefined}
      onDoubleClick={() => moveTo(0.5)}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onLostPointerCapture={() => setDragging(false)}
    />
  )
}
