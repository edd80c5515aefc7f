import { useState } from 'react'
import type { Job } from '../../shared/jobs.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { comparedRows, type ComparedRow } from './comparedSettings.ts'
import { runTitle } from './runTitle.ts'

interface CompareRunsDialogProps {
  /** Finished runs of one tomogram, oldest first. */
  jobs: readonly Job[]
  /** Compared at first: this one and the one before it. */
  with: Job
  onClose(): void
}

/** Two runs beside each other: the settings that differ, and what came of it. */
export function CompareRunsDialog({ jobs, with: given, onClose }: CompareRunsDialogProps) {
  const place = jobs.findIndex(({ id }) => id === given.id)
  const other = jobs[place > 0 ? place - 1 : place + 1] ?? given
  const [ids, setIds] = useState<readonly string[]>([other.id, given.id])
  const [all, setAll] = useState(false)
  const shown = ids.map((id) => jobs.find((job) => job.id === id) ?? given)
  const { settings, results } = comparedRows(shown.flatMap(({ run }) => (run ? [run] : [])))
  const differing = settings.filter(({ differs }) => differs)
  return (
    <Dialog title="Compare runs" onClose={onClose} wide>
      <table className="compared-runs">
        <thead>
          <tr>
            <th scope="col">
              <label className="check">
                <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
                all settings
              </label>
            </th>
            {shown.map((job, i) => (
              <th key={i} scope="col">
                <select
                  aria-label={i === 0 ? 'First run' : 'Second run'}
                  value={job.id}
                  onChange={(event) => setIds(ids.map((id, k) => (k === i ? event.target.value : id)))}
                >
                  {jobs.map((choice) => (
                    <option key={choice.id} value={choice.id}>
                      {runTitle(choice)}
                    </option>
                  ))}
                </select>
              </th>
            ))}
          </tr>
        </thead>
        <tbody aria-label="Settings">
          {(all ? settings : differing).map((row) => (
            <Row key={row.name} row={row} />
          ))}
          {!all && differing.length === 0 && (
            <tr>
              <td colSpan={shown.length + 1}>The settings are the same.</td>
            </tr>
          )}
        </tbody>
        <tbody aria-label="Results">
          {results.map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}

function Row({ row: { name, values, differs } }: { row: ComparedRow }) {
  return (
    <tr data-differs={differs || undefined}>
      <th scope="row">{name}</th>
      {values.map((value, i) => (
        <td key={i}>{value}</td>
      ))}
    </tr>
  )
}
