import type { RunRecord } from '../../shared/runs.ts'
import { tip } from '../controls/tip.ts'
import { Icon } from '../controls/Icon.tsx'

/** What a finished run reports about itself, in words before numbers. */
export function RunFacts({ run }: { run: RunRecord }) {
  const { misfitPerMeasuredVoxel: misfit, diagnostics, warnings } = run
  return (
    <div className="run-facts">
      {warnings.map((warning) => (
        <details key={warning.code} className="run-note">
          <summary {...tip(warning.message)}>
            <Icon name="warning" />
            <span>{warning.message}</span>
          </summary>
        </details>
      ))}
      <dl className="facts">
        <Fact label="misfit" value={misfit.toFixed(2)} text={misfitText(misfit)} />
        <Fact
          label="ESS"
          value={short(diagnostics.ess)}
          text="Effective sample size: how many independent draws the family is worth."
        />
        <Fact
          label="R-hat"
          value={diagnostics.rHat?.toFixed(3)}
          text="Near 1 when the chains agree; above 1.05 they do not yet."
        />
        <Fact
          label="acceptance"
          value={diagnostics.acceptance?.toFixed(2)}
          text="Share of Metropolis proposals that were accepted."
        />
        <Fact
          label="weight ESS"
          value={short(diagnostics.weightEss)}
          text="Effective number of candidates, 1 / Σω². Few means a coarse estimate."
        />
      </dl>
    </div>
  )
}

function Fact({ label, value, text }: { label: string; value: string | undefined; text: string }) {
  if (value === undefined) return null
  return (
    <div {...tip(text)}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function short(value: number | null): string | undefined {
  return value === null ? undefined : value >= 100 ? value.toFixed(0) : value.toFixed(1)
}

function misfitText(misfit: number): string {
  const about = 'Data misfit per measured voxel, 1 when residuals look like the noise.'
  if (misfit > 1.2)
    return `${about} This one is large: the result disagrees with the data, or the noise is underestimated.`
  if (misfit < 0.8) return `${about} This one is small: the result follows the noise, or the noise is overestimated.`
  return `${about} This one agrees with the data.`
}
