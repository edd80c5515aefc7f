import { useSession } from '../stores/session.ts'
import { openDropped } from './openAny.ts'

/** Takes files dropped anywhere on the window. Returns a function that stops it. */
export function listenForDrops(): () => void {
  const setDragging = (dragging: boolean): void => {
    if (useSession.getState().dragging !== dragging) useSession.setState({ dragging })
  }
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setDragging(true)
  }
  const onDragLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) setDragging(false)
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    setDragging(false)
    void openDropped([...(event.dataTransfer?.files ?? [])])
  }
  window.addEventListener('dragover', onDragOver)
  window.addEventListener('dragleave', onDragLeave)
  window.addEventListener('drop', onDrop)
  return () => {
    window.removeEventListener('dragover', onDragOver)
    window.removeEventListener('dragleave', onDragLeave)
    window.removeEventListener('drop', onDrop)
  }
}
