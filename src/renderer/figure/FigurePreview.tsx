import { useEffect, useRef, useState } from 'react'
import type { Failure } from '../../shared/errors.ts'
import type { FigureSpec } from '../../shared/figure.ts'
import { failureOf } from '../api/failures.ts'
import { request } from '../api/request.ts'

const settleMs = 250
const previewPixels = 1000

/** The figure as the engine draws it, at screen resolution; of several that were asked for the latest. */
export function FigurePreview({ spec }: { spec: FigureSpec }) {
  const [shown, setShown] = useState<{ address: string; of: string } | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const current = useRef<string | null>(null)
  const dpi = Math.min(spec.dpi, Math.max(36, Math.round((previewPixels / spec.widthMm) * 25.4)))
  const body = JSON.stringify({ ...spec, dpi })
  const empty = spec.panels.length === 0

  useEffect(() => {
    if (empty) return
    const abort = new AbortController()
    const timer = window.setTimeout(() => {
      request('/api/figures?format=png', { body: JSON.parse(body), signal: abort.signal })
        .then((response) => response.blob())
        .then((blob) => {
          if (abort.signal.aborted) return
          if (current.current) URL.revokeObjectURL(current.current)
          current.current = URL.createObjectURL(blob)
          setShown({ address: current.current, of: body })
          setFailure(null)
        })
        .catch((error: unknown) => {
          if (!abort.signal.aborted) setFailure(failureOf(error))
        })
    }, settleMs)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [body, empty])

  useEffect(
    () => () => {
      if (current.current) URL.revokeObjectURL(current.current)
    },
    []
  )

  return (
    <div className="figure-preview" data-settled={shown?.of === body} data-background={spec.background}>
      {empty ? (
        <p>Add what a pane shows.</p>
      ) : failure ? (
        <p className="run-failure" role="alert">
          <strong>{failure.message}</strong> {failure.hint}
        </p>
      ) : shown ? (
        <img src={shown.address} alt="Preview of the figure" />
      ) : (
        <p role="status">Drawing the figure</p>
      )}
      {!empty && !failure && shown && shown.of !== body && (
        <span className="figure-drawing" role="status">
          drawing
        </span>
      )}
    </div>
  )
}
