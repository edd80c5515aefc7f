import { useEffect, useState } from 'react'
import type { UnfinishedRun } from '../../shared/api.ts'
import { formatBox } from '../../shared/axes.ts'
import { methods } from '../../shared/methods.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { discardRun, listUnfinished, resumeRun } from '../api/unfinished.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { putJob } from '../stores/jobs.ts'
import { sayFailure } from '../stores/messages.ts'

/** Runs of a tomogram that an earlier program began and could not finish: to be gone on with, or to be removed. */
export function UnfinishedRuns({ tomogram }: { tomogram: OpenVolume }) {
  const [runs, setRuns] = useState<readonly UnfinishedRun[]>([])
  const [busy, setBusy] = useState<string | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    listUnfinished(gone.signal).then(
      (found) => setRuns(found.filter(({ volumeId }) => volumeId === tomogram.id)),
      // Without a connection the window says so elsewhere.
      () => undefined
    )
    return () => gone.abort()
  }, [tomogram.id])

  async function settle(path: string, work: () => Promise<void>): Promise<void> {
    setBusy(path)
    try {
      await work()
      setRuns((before) => before.filter((run) => run.path !== path))
    } catch (error) {
      sayFailure(failureOf(error))
    } finally {
      setBusy(null)
    }
  }

  return runs.map((run) => (
    <section key={run.path} className="unfinished-run" aria-label={`Unfinished ${methods[run.method].name}`}>
      <p className="unfinished-head">
        <Icon name="warning" />
        <strong>{methods[run.method].name}</strong> was not finished
      </p>
      <p className="hint" {...tip(run.path)}>
        Begun {timeText(run.startedAt)}
        {run.keptAt === null ? '; nothing was kept yet' : `, kept as of ${timeText(run.keptAt)}`}
        <br />
        Region {formatBox(run.roi)}
      </p>
      <div className="unfinished-actions">
        <button
          type="button"
          className="button"
          disabled={busy === run.path}
          onClick={() => void settle(run.path, async () => putJob(await resumeRun(run.path)))}
          {...tip('Goes on from there; the result is the same as without the stop')}
        >
          Resume
        </button>
        <button
          type="button"
          className="button"
          disabled={busy === run.path}
          onClick={() =>
            void settle(run.path, async () => {
              await discardRun(run.path)
            })
          }
          {...tip('Removes what it has computed')}
        >
          Discard
        </button>
      </div>
    </section>
  ))
}

function timeText(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}
