import type { Acting } from './history.ts'

/** Events that come from a person's hand. Messages of the engine, timers and sizes are none of them. */
const byHand =
  /^(pointer|mouse|touch|key|click|dblclick|auxclick|wheel|input|change|beforeinput|submit|drop|focusin|focusout|blur|contextmenu)/

let gesture = 0
let pressed = false
let asked = false

/** Counts drags, so that each is one step. Returns a function that stops. */
export function watchGestures(): () => void {
  const onDown = (): void => {
    gesture++
    pressed = true
  }
  const onUp = (): void => {
    pressed = false
  }
  // On the way down: what stops an event on its way up (a handle that is dragged) must not hide it.
  const options = { capture: true }
  window.addEventListener('pointerdown', onDown, options)
  window.addEventListener('pointerup', onUp, options)
  window.addEventListener('pointercancel', onUp, options)
  return () => {
    window.removeEventListener('pointerdown', onDown, options)
    window.removeEventListener('pointerup', onUp, options)
    window.removeEventListener('pointercancel', onUp, options)
  }
}

/** Does what a person asked for by a way that is no event of the page: the native menu. */
export function asPerson(act: () => void): void {
  asked = true
  try {
    act()
  } finally {
    asked = false
  }
}

export const acting: Acting = {
  person: () => asked || pressed || byHand.test(window.event?.type ?? ''),
  gesture: () => {
    const event = window.event
    // The release and the click after it still belong to their drag; a click by keyboard has no detail.
    const ending =
      event?.type === 'pointerup' || (event instanceof UIEvent && event.type === 'click' && event.detail > 0)
    return pressed || ending ? gesture : 0
  },
  now: () => window.event?.timeStamp ?? performance.now()
}
