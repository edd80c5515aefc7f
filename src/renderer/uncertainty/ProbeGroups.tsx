import type { ProbeGroupDiagnostics } from '../../shared/run-diagnostics.ts'
import { tip } from '../controls/tip.ts'

const names: Readonly<Record<ProbeGroupDiagnostics['group'], string>> = {
  voxels: 'voxels',
  measured: 'measured frequencies',
  wedge: 'frequencies in the wedge'
}

const width = 180
const height = 20
/** R-hat on a logarithmic axis of its distance to 1: 1.001 to 1.5. */
const ends = [0.001, 0.5] as const
const place = (rHat: number): number => {
  const share = Math.log(Math.max(rHat - 1, ends[0]) / ends[0]) / Math.log(ends[1] / ends[0])
  return 6 + Math.min(1, share) * (width - 12)
}

/** R-hat and ESS of voxels and of Fourier coefficients outside and inside the wedge: where the chains have not mixed. */
export function ProbeGroups({ groups }: { groups: readonly ProbeGroupDiagnostics[] }) {
  return (
    <table className="probe-groups">
      <thead>
        <tr>
          <th scope="col">Probes</th>
          <th scope="col">R-hat, median</th>
          <th scope="col">worst</th>
          <th scope="col" {...tip('Dot: median. Tick: worst. Line: 1.05, above which chains have not mixed.')}>
            1.001 … 1.5
          </th>
          <th scope="col">ESS, median</th>
          <th scope="col">worst</th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ group, rHat, worstRHat, ess, worstEss }) => (
          <tr key={group}>
            <th scope="row">{names[group]}</th>
            <td>{rHat?.toFixed(3) ?? '–'}</td>
            <td>{worstRHat?.toFixed(3) ?? '–'}</td>
            <td>
              <svg width={width} height={height} aria-hidden="true">
                <path className="series-frame" d={`M6 10H${width - 6}`} />
                <path className="series-expected" d={`M${place(1.05)} 2v16`} />
                {rHat !== null && <circle className="probe-median" cx={place(rHat)} cy={10} r={4} />}
                {worstRHat !== null && <path className="probe-worst" d={`M${place(worstRHat)} 4v12`} />}
              </svg>
            </td>
            <td>{ess?.toFixed(0) ?? '–'}</td>
            <td>{worstEss?.toFixed(0) ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
