import { prefersStill } from '../family/usePlayer.ts'
import { changeSpeed, openBench, setPlaying, useFamilyBench } from '../family/familyStore.ts'
import { stepMember, togglePin } from '../family/showMember.ts'
import type { Command } from './command.ts'

/** Plays or pauses; where motion is unwelcome it shows the next member instead. */
function play(): void {
  const { playing } = useFamilyBench.getState()
  openBench(true)
  if (!playing && prefersStill()) stepMember(1)
  else setPlaying(!playing)
}

export const familyCommands: readonly Command[] = [
  {
    id: 'family-bench',
    group: 'Family',
    title: 'Family: members, distribution, temperature',
    keys: ['F'],
    run: () => openBench(!useFamilyBench.getState().open)
  },
  { id: 'play-family', group: 'Family', title: 'Play or pause the family', keys: ['P'], run: play },
  { id: 'next-member', group: 'Family', title: 'Next member', keys: ['.'], run: () => stepMember(1) },
  { id: 'previous-member', group: 'Family', title: 'Previous member', keys: [','], run: () => stepMember(-1) },
  { id: 'pin-member', group: 'Family', title: 'Keep this member beside', keys: ['Shift+P'], run: togglePin },
  { id: 'family-faster', group: 'Family', title: 'Play faster', keys: ['>'], run: () => changeSpeed(1) },
  { id: 'family-slower', group: 'Family', title: 'Play slower', keys: ['<'], run: () => changeSpeed(-1) }
]
