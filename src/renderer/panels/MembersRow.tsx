import type { OpenVolume } from '../../shared/volumes.ts'
import { CommandButton } from '../commands/CommandButton.tsx'
import { tip } from '../controls/tip.ts'
import { followsList, showPlanes, useLayout } from '../stores/layout.ts'
import { explanations } from '../uncertainty/explanations.ts'
import { showVolume, tomogramOf, useVolumes } from '../stores/volumes.ts'

/** The members of a family, one number each. */
export function MembersRow({ members }: { members: readonly OpenVolume[] }) {
  const base = useVolumes((state) => state.base)
  const follows = useLayout(followsList)
  if (members.length === 0) return null
  return (
    <div className="members" role="group" aria-label="Members of the family">
      <span className="members-label" {...tip(explanations.posterior)}>
        family
      </span>
      {members.map((member, i) => (
        <button
          key={member.id}
          type="button"
          className="member"
          aria-label={`Member ${i + 1}`}
          aria-pressed={follows && base[tomogramOf(member)] === member.id}
          onClick={() => {
            if (!follows) showPlanes()
            showVolume(member.id)
          }}
          {...tip(explanations.member)}
        >
          {i + 1}
        </button>
      ))}
      <CommandButton id="family-bench" icon="strip" />
    </div>
  )
}
