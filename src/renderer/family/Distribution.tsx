import type { VoxelFamily } from '../../shared/directions.ts'
import type { XYZ } from '../../shared/axes.ts'
import { getVoxelFamily } from '../api/families.ts'
import { useFetched } from '../api/useFetched.ts'
import { tip } from '../controls/tip.ts'
import { formatValue } from '../numbers/format.ts'
import { distributionInWords, interval90, plotRange, stackedDots, type Interval } from './distribution.ts'
import type { Family } from './families.ts'
import { useFamilyBench } from './familyStore.ts'

const width = 426
const height = 52
const dot = 6

/** "Why do these differ here": the members' values at the crosshair, with MAP and raw value marked. */
export function Distribution({ family, voxel }: { family: Family; voxel: XYZ }) {
  const gamma = useFamilyBench((state) => state.preview[family.runId] ?? null)
  const inside = (['x', 'y', 'z'] as const).every(
    (axis) => voxel[axis] >= family.box[axis][0] && voxel[axis] < family.box[axis][1]
  )
  const { mean, std, members, runId } = family
  const state = [mean, std, ...members].map((map) => map?.revision ?? 0).join('.')
  const key = inside ? JSON.stringify([runId, voxel, gamma, state, members.length]) : null
  const fetched = useFetched(key, (signal) => getVoxelFamily(runId, voxel, gamma, signal))
  const { value } = fetched
  return (
    <section className="distribution" aria-label="Distribution at the crosshair" data-settled={fetched.key === key}>
      {!inside ? (
        <p className="family-note">The crosshair lies outside of the run’s region.</p>
      ) : fetched.failure ? (
        <p className="family-note" role="alert">
          {fetched.failure.message} {fetched.failure.hint}
        </p>
      ) : (
        value && (
          <>
            <p className="distribution-words">{distributionInWords(value, family.job.run === null)}</p>
            <DistributionPlot values={value} />
            <Numbers values={value} />
          </>
        )
      )}
    </section>
  )
}

function Numbers({ values }: { values: VoxelFamily }) {
  const interval = interval90(values)
  return (
    <dl className="distribution-numbers">
      <Number name="mean" value={values.mean} about="Posterior mean of all draws." mark="mean" />
      <Number name="SD" value={values.sd} about="Posterior SD of all draws." />
      <div
        data-number="interval"
        data-exact={interval ? `${interval.low} ${interval.high}` : ''}
        {...tip('Central 90 % of a Gaussian of this mean and SD.')}
      >
        <dt>90 %</dt>
        <dd>{interval ? `${formatValue(interval.low)} … ${formatValue(interval.high)}` : '–'}</dd>
      </div>
      <Number
        name="MAP"
        value={values.map}
        about="Most probable volume, of the CryoGEN-I run of this region."
        mark="map"
      />
      <Number name="raw" value={values.raw} about="The tomogram’s own grey value." mark="raw" />
    </dl>
  )
}

function Number({ name, value, about, mark }: { name: string; value: number | null; about: string; mark?: string }) {
  if (value === null && name === 'MAP') return null
  return (
    <div data-number={name} data-exact={value ?? ''} {...tip(about)}>
      <dt>
        {mark && <span className="distribution-mark" data-mark={mark} />}
        {name}
      </dt>
      <dd>{value === null ? '–' : formatValue(value)}</dd>
    </div>
  )
}

function DistributionPlot({ values }: { values: VoxelFamily }) {
  const range = plotRange(values)
  if (!range) return null
  const x = (value: number): number => 4 + ((value - range.low) / (range.high - range.low)) * (width - 8)
  const interval = interval90(values)
  const members = values.members.filter((value): value is number => value !== null)
  const base = height - 16
  const mark = (name: string, value: number | null) =>
    value !== null && <path className="distribution-line" data-mark={name} d={`M${x(value).toFixed(1)} 2V${base}`} />
  return (
    <svg className="distribution-plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-label="Members’ grey values">
      {interval && (
        <rect
          className="distribution-interval"
          x={x(interval.low)}
          width={x(interval.high) - x(interval.low)}
          y={2}
          height={base - 2}
        />
      )}
      <path className="distribution-axis" d={`M0 ${base}H${width}`} />
      {mark('raw', values.raw)}
      {mark('map', values.map)}
      {mark('mean', values.mean)}
      {stackedDots(members, x, dot).map(({ x: at, level }, i) => (
        <circle
          key={i}
          className="distribution-dot"
          cx={at}
          cy={base - dot / 2 - 1 - level * dot}
          r={dot / 2 - 0.4}
          data-member={i + 1}
        />
      ))}
      <Ends range={range} />
    </svg>
  )
}

function Ends({ range }: { range: Interval }) {
  return (
    <>
      <text x={0} y={height - 3}>
        {formatValue(range.low)}
      </text>
      <text x={width / 2} y={height - 3} textAnchor="middle">
        grey value
      </text>
      <text x={width} y={height - 3} textAnchor="end">
        {formatValue(range.high)}
      </text>
    </>
  )
}
