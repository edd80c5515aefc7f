import { useEffect, type RefObject } from 'react'
import { measurePane } from '../stores/panes.ts'

/** Keeps the store told how large a pane's picture is. */
export function useMeasuredPicture(picture: RefObject<HTMLElement | null>, paneId: string): void {
  useEffect(() => {
    const element = picture.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) =>
      measurePane(paneId, { width: entry.contentRect.width, height: entry.contentRect.height })
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [picture, paneId])
}
