import { useCallback } from 'react'
import type { RunRecord } from '../../shared/runs.ts'
import { useFetched } from '../api/useFetched.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { getRunDiagnostics } from '../uncertainty/routes.ts'
import { VerdictMark } from '../uncertainty/VerdictMark.tsx'
import { toldByVerdicts, verdictsOf } from '../uncertainty/verdicts.ts'

/** What a finished run is worth, in words before numbers; then what else was noticed. */
export function RunFacts({ run, runId }: { run: RunRecord; runId: string }) {
  const load = useCallback((signal: AbortSignal) => getRunDiagnostics(runId, signal), [runId])
  // Without diagnostics.json the record alone speaks.
  const { value: diagnostics } = useFetched(runId, load)
  const others = run.warnings.filter(({ code }) => !toldByVerdicts.has(code))
  return (
    <div className="run-facts">
      <ul className="verdicts" aria-label="Diagnostics">
        {verdictsOf(run, diagnostics).map(({ about, mark, short, value, sentence, advice }) => (
          <li key={about} data-about={about} data-mark={mark}>
            <VerdictMark mark={mark} />
            <span className="verdict-short" tabIndex={0} {...tip(advice ? `${sentence}\n${advice}` : sentence)}>
              {short}
            </span>
            <span className="verdict-value">{value}</span>
            {mark === 'bad' && advice && <p className="verdict-advice">{advice}</p>}
          </li>
        ))}
      </ul>
      {others.map((warning) => (
        <details key={warning.code} className="run-note">
          <summary {...tip(warning.message)}>
            <Icon name="warning" />
            <span>{warning.message}</span>
          </summary>
        </details>
      ))}
    </div>
  )
}
