/** Holds the id from the page that goes, in order, to the one that is loaded in its place. A page that crashed leaves none. */
const leftInOrder = 'wedgeview-left-in-order'

let id: string | null = null

/** Names this window for the engine, which keeps what each window shows apart. */
export function windowId(): string {
  id ??= crypto.randomUUID?.() ?? `window-${performance.timeOrigin.toFixed(0)}-${Math.random().toString(36).slice(2)}`
  return id
}

/**
 * Goes on as the window that this page was before it was loaded again. While the page lives nothing is left in the tab's memory, so that a copy of
 * the tab becomes a window of its own. Returns whether there was one.
 */
export function goOnAsWindow(): boolean {
  const left = sessionStorage.getItem(leftInOrder)
  sessionStorage.removeItem(leftInOrder)
  window.addEventListener('pagehide', () => sessionStorage.setItem(leftInOrder, windowId()))
  // Back from the browser's memory, it lives again.
  window.addEventListener('pageshow', () => sessionStorage.removeItem(leftInOrder))
  if (left === null) return false
  id = left
  return true
}
