import { commandTip } from '../commands/commandTip.ts'
import { Section } from '../controls/Section.tsx'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { explanations } from './explanations.ts'
import { hasParts, partNames, showPart, useParts, type ShownPart } from './parts.ts'

const order: readonly ShownPart[] = ['all', 'measured', 'filled-in']

/** Whether reconstructions are drawn whole, or only what was measured, or only what was filled in. Absent while there is none. */
export function PartsPanel({ tomogram }: { tomogram: string }) {
  const volumes = useVolumes((state) => state.volumes)
  const shown = useParts((state) => state.parts[tomogram] ?? 'all')
  if (!Object.values(volumes).some((volume) => tomogramOf(volume) === tomogram && hasParts(volume))) return null
  return (
    <Section title="Measured or filled in">
      <div className="segments parts" role="group" aria-label="Part of reconstructions that is drawn">
        {order.map((part) => (
          <button
            key={part}
            type="button"
            className="button"
            aria-pressed={shown === part}
            onClick={() => showPart(tomogram, part)}
            {...commandTip(explanations[part === 'all' ? 'whole' : part], 'next-part')}
          >
            {partNames[part]}
          </button>
        ))}
      </div>
      {shown === 'filled-in' && (
        <p className="field-note">In the same window, around its own zero: the mean grey value is measured.</p>
      )}
    </Section>
  )
}
