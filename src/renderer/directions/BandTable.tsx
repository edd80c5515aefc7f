import type { Directions } from '../../shared/directions.ts'
import { tip } from '../controls/tip.ts'
import { formatPercent, formatValue } from '../numbers/format.ts'
import type { Curve } from './curves.ts'

type Band = Directions['wedge']

/** SD per frequency of what was measured and of what lies in the wedge, for each curve. */
export function BandTable({ curves }: { curves: readonly Curve[] }) {
  return (
    <table className="band-table" aria-label="SD per frequency, measured and in the wedge">
      <thead>
        <tr>
          <td />
          <th scope="col" {...tip('Root of the mean power of the measured frequencies, in grey values.')}>
            SD measured
          </th>
          <th scope="col" {...tip('The same for the frequencies of the missing wedge.')}>
            SD in wedge
          </th>
          <th scope="col" {...tip('How much of all power lies in the wedge; the wedge’s share of all frequencies.')}>
            power in wedge
          </th>
        </tr>
      </thead>
      <tbody>
        {curves.map(({ name, label, about, directions }) => (
          <tr key={name} data-curve={name}>
            <th scope="row" {...tip(about)}>
              <span className="curve-swatch" data-curve={name} />
              {label}
            </th>
            <td data-exact={rootOf(directions.measured) ?? ''}>{shown(rootOf(directions.measured))}</td>
            <td data-exact={rootOf(directions.wedge) ?? ''}>{shown(rootOf(directions.wedge))}</td>
            <td data-exact={directions.wedge.share}>
              {formatPercent(directions.wedge.share)} <small>of {formatPercent(directions.wedge.frequencies)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function rootOf({ power }: Band): number | null {
  return power === null ? null : Math.sqrt(Math.max(0, power))
}

function shown(value: number | null): string {
  return value === null ? '–' : formatValue(value)
}
