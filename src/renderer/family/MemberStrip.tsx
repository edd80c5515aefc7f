import type { OpenVolume } from '../../shared/volumes.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { sliceIndex, type PaneModel } from '../slices/paneModel.ts'
import { filtersQueryOf, useFilters } from '../stores/filters.ts'
import { useLayout } from '../stores/layout.ts'
import type { Family } from './families.ts'
import { previewQueryOf, useFamilyBench } from './familyStore.ts'
import { MemberThumbnail } from './MemberThumbnail.tsx'
import { pinMember, showMember } from './showMember.ts'

/** The same slice through every member, at one contrast: a click shows a member in the pane, a pin keeps it beside. */
export function MemberStrip({ family, model }: { family: Family; model: PaneModel }) {
  const pin = useFamilyBench((state) => state.pin)
  const panes = useLayout((state) => state.panes)
  const filters = useFilters((state) => filtersQueryOf(state, model.tomogram.id))
  const preview = useFamilyBench((state) => previewQueryOf(state, family.members[0]))
  const pinned = pin && panes.some(({ id }) => id === pin.paneId) ? pin.volumeId : null
  const { plane, transposed } = model.pane
  const index = sliceIndex(family.mean, model.view, plane)
  if (family.members.length === 0)
    return (
      <p className="family-note" role="status">
        {family.job.run
          ? 'This run kept no members. Run again with “Members kept” above 0.'
          : 'The members appear here as the run draws them.'}
      </p>
    )
  if (index === null)
    return (
      <p className="family-note">
        The crosshair lies outside of the region of this run: no slice of its members there.
      </p>
    )
  const query = filters + preview
  return (
    <ul className="member-strip" aria-label="Members">
      {family.members.map((member, i) => (
        <Entry
          key={member.id}
          member={member}
          number={i + 1}
          shown={model.base.id === member.id}
          pinned={pinned === member.id}
        >
          <MemberThumbnail {...{ member, tomogram: model.tomogram, plane, transposed, index, filters: query }} />
        </Entry>
      ))}
    </ul>
  )
}

interface EntryProps {
  member: OpenVolume
  number: number
  shown: boolean
  pinned: boolean
  children: React.ReactNode
}

function Entry({ member, number, shown, pinned, children }: EntryProps) {
  return (
    <li className="member-entry" data-shown={shown || undefined} data-pinned={pinned || undefined}>
      <button
        type="button"
        className="member-show"
        aria-label={`Show member ${number}`}
        aria-pressed={shown}
        onClick={() => showMember(member.id)}
        {...tip(`Show member ${number} in the pane. Each member agrees with the data as well as the others.`)}
      >
        {children}
        <span className="member-number">{number}</span>
      </button>
      <button
        type="button"
        className="icon-button member-pin"
        aria-label={`Keep member ${number} beside`}
        aria-pressed={pinned}
        onClick={() => pinMember(member.id)}
        {...tip(pinned ? `Let go of member ${number}` : `Keep member ${number} in a pane beside`)}
      >
        <Icon name="pin" />
      </button>
    </li>
  )
}
