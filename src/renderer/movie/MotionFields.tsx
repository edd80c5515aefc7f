import { planeAxes } from '../../shared/axes.ts'
import type { MotionKind, MotionOf, MovieMotion } from '../../shared/movie.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { firstMotion, sliceRange } from './firstSpec.ts'
import type { MovieSubject } from './subject.ts'

const names: Readonly<Record<MotionKind, string>> = {
  slices: 'Through slices',
  members: 'Through members',
  turn: 'Turn',
  path: 'Path through kept views',
  temperature: 'Temperature sweep'
}

interface MotionFieldsProps {
  subject: MovieSubject
  motion: MovieMotion
  onChange(motion: MovieMotion): void
}

/** What moves, and how far. */
export function MotionFields({ subject, motion, onChange }: MotionFieldsProps) {
  return (
    <>
      <label className="select-field">
        <span className="field-label">Motion</span>
        <select
          value={motion.kind}
          onChange={({ target }) => onChange(firstMotion(target.value as MotionKind, subject))}
        >
          {subject.motions.map((kind) => (
            <option key={kind} value={kind}>
              {names[kind]}
            </option>
          ))}
        </select>
      </label>
      {motion.kind === 'slices' && <SlicesFields subject={subject} motion={motion} onChange={onChange} />}
      {motion.kind === 'members' && <MembersFields motion={motion} onChange={onChange} />}
      {motion.kind === 'turn' && <TurnFields motion={motion} onChange={onChange} />}
      {motion.kind === 'path' && <PathFields subject={subject} motion={motion} onChange={onChange} />}
      {motion.kind === 'temperature' && <TemperatureFields motion={motion} onChange={onChange} />}
    </>
  )
}

interface FieldsOf<Kind extends MotionKind> {
  motion: MotionOf<Kind>
  onChange(motion: MovieMotion): void
}

function SlicesFields({ subject, motion, onChange }: FieldsOf<'slices'> & { subject: MovieSubject }) {
  const [low, high] = sliceRange(subject)
  const axis = subject.kind === 'slice' ? planeAxes[subject.model.pane.plane].normal : ''
  return (
    <>
      <div className="row">
        <NumberField
          label={`${axis} from`}
          labelled
          integer
          min={low}
          max={high}
          value={motion.from}
          onCommit={(from) => from !== null && onChange({ ...motion, from })}
        />
        <NumberField
          label="to"
          labelled
          integer
          min={low}
          max={high}
          value={motion.to}
          onCommit={(to) => to !== null && onChange({ ...motion, to })}
        />
        <NumberField
          label="step"
          labelled
          integer
          min={1}
          max={Math.max(1, high - low)}
          value={motion.step}
          onCommit={(step) => step !== null && onChange({ ...motion, step })}
        />
      </div>
      <Check label="And back" checked={motion.back} onChange={(back) => onChange({ ...motion, back })} />
    </>
  )
}

function MembersFields({ motion, onChange }: FieldsOf<'members'>) {
  return (
    <div className="row">
      <NumberField
        label="Frames each"
        labelled
        integer
        min={1}
        max={1000}
        value={motion.hold}
        onCommit={(hold) => hold !== null && onChange({ ...motion, hold, fade: Math.min(motion.fade, hold - 1) })}
      />
      <NumberField
        label="Fade"
        labelled
        unit="frames"
        integer
        min={0}
        max={motion.hold - 1}
        value={motion.fade}
        onCommit={(fade) => fade !== null && onChange({ ...motion, fade })}
        tipAttributes={tip(
          'Of each member’s frames so many mix it with the next. A mixture is no draw: leave 0 to show members only.'
        )}
      />
    </div>
  )
}

const axes: Readonly<Record<MotionOf<'turn'>['axis'], string>> = {
  'screen-y': 'upright',
  'screen-x': 'level',
  x: 'x',
  y: 'y',
  z: 'z'
}

function TurnFields({ motion, onChange }: FieldsOf<'turn'>) {
  return (
    <>
      <div className="row">
        <label
          className="select-field"
          {...tip('Axis of the turn: upright or level on the screen, or one of the tomogram’s')}
        >
          <span className="field-label">About</span>
          <select
            value={motion.axis}
            onChange={({ target }) => onChange({ ...motion, axis: target.value as MotionOf<'turn'>['axis'] })}
          >
            {Object.entries(axes).map(([axis, name]) => (
              <option key={axis} value={axis}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <NumberField
          label="By"
          labelled
          unit="°"
          min={-36000}
          max={36000}
          step={15}
          value={motion.degrees}
          onCommit={(degrees) => degrees !== null && onChange({ ...motion, degrees })}
        />
      </div>
      <Check
        label="Rock to and fro"
        checked={motion.rock}
        onChange={(rock) =>
          onChange({ ...motion, rock, degrees: rock && Math.abs(motion.degrees) >= 360 ? 60 : motion.degrees })
        }
      />
    </>
  )
}

function PathFields({ subject, motion, onChange }: FieldsOf<'path'> & { subject: MovieSubject }) {
  const all = Object.keys(subject.views)
  const toggled = (name: string): string[] =>
    motion.views.includes(name) ? motion.views.filter((one) => one !== name) : [...motion.views, name]
  return (
    <>
      <fieldset className="movie-views" {...tip('Kept views in the order in which they were ticked')}>
        <legend className="field-label">Views</legend>
        {all.map((name) => {
          const at = motion.views.indexOf(name)
          return (
            <label key={name} className="check">
              <input
                type="checkbox"
                checked={at >= 0}
                disabled={at >= 0 && motion.views.length < 3}
                onChange={() => onChange({ ...motion, views: toggled(name) })}
              />
              {name}
              {at >= 0 && <span className="field-label">{at + 1}</span>}
            </label>
          )
        })}
      </fieldset>
      <Check label="Back to the first" checked={motion.closed} onChange={(closed) => onChange({ ...motion, closed })} />
    </>
  )
}

function TemperatureFields({ motion, onChange }: FieldsOf<'temperature'>) {
  const field = (end: 'from' | 'to', label: string) => (
    <NumberField
      label={label}
      labelled
      min={1e-4}
      max={1e6}
      value={Number(motion[end].toPrecision(4))}
      onCommit={(gamma) => gamma !== null && onChange({ ...motion, [end]: gamma })}
      tipAttributes={tip('Temperature of the family, as the Gaussian approximation predicts it from the draws')}
    />
  )
  return (
    <>
      <div className="row">
        {field('from', 'γ from')}
        {field('to', 'to')}
      </div>
      <Check label="And back" checked={motion.back} onChange={(back) => onChange({ ...motion, back })} />
    </>
  )
}

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange(checked: boolean): void }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  )
}
