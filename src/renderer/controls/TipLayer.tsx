import { useEffect, useState } from 'react'

interface Tip {
  text: string
  keys: string | null
  left: number
  top: number
  above: boolean
}

const delayMs = 400
const width = 260

/** Draws the explanation of whatever is under the pointer or focused by keyboard; any key hides it. */
export function TipLayer() {
  const [shown, setShown] = useState<Tip | null>(null)

  useEffect(() => {
    let timer = 0
    const hide = (): void => {
      window.clearTimeout(timer)
      setShown(null)
    }
    const show = (target: EventTarget | null, delay: number): void => {
      window.clearTimeout(timer)
      const element = target instanceof Element ? target.closest('[data-tip]') : null
      if (!element) return setShown(null)
      timer = window.setTimeout(() => setShown(tipOf(element)), delay)
    }
    const onOver = (event: PointerEvent): void => show(event.target, delayMs)
    const onFocus = (event: FocusEvent): void => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event.target, delayMs)
    }
    document.addEventListener('pointerover', onOver)
    document.addEventListener('pointerdown', hide)
    document.addEventListener('focusin', onFocus)
    document.addEventListener('focusout', hide)
    document.addEventListener('keydown', hide)
    return () => {
      window.clearTimeout(timer)
      document.removeEventListener('pointerover', onOver)
      document.removeEventListener('pointerdown', hide)
      document.removeEventListener('focusin', onFocus)
      document.removeEventListener('focusout', hide)
      document.removeEventListener('keydown', hide)
    }
  }, [])

  if (!shown) return null
  return (
    <div
      className={shown.above ? 'tip tip-above' : 'tip'}
      role="tooltip"
      style={{ left: shown.left, top: shown.top, maxWidth: width }}
    >
      {shown.text}
      {shown.keys && <kbd>{shown.keys}</kbd>}
    </div>
  )
}

function tipOf(element: Element): Tip | null {
  const text = element.getAttribute('data-tip')
  if (!text || !element.isConnected) return null
  const box = element.getBoundingClientRect()
  const above = box.bottom > window.innerHeight - 120
  const left = Math.max(8, Math.min(box.left, window.innerWidth - width - 8))
  return { text, keys: element.getAttribute('data-tip-keys'), left, top: above ? box.top - 6 : box.bottom + 6, above }
}
