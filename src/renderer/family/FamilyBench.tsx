import { useEffect } from 'react'
import { methods } from '../../shared/methods.ts'
import { CommandButton } from '../commands/CommandButton.tsx'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { useJobs } from '../stores/jobs.ts'
import { useLayout } from '../stores/layout.ts'
import { useView } from '../stores/view.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { showContinued } from './continueHere.ts'
import { Distribution } from './Distribution.tsx'
import { gammaOf, useCurrentFamily, type Family } from './families.ts'
import { openBench, speeds, useFamilyBench } from './familyStore.ts'
import { MemberStrip } from './MemberStrip.tsx'
import { shownMember } from './showMember.ts'
import { TemperatureBar } from './TemperatureBar.tsx'
import { prefersStill, usePlayer } from './usePlayer.ts'

/** Below the panes: the members of a family, why they differ where the crosshair is, and what another temperature would do. */
export function FamilyBench() {
  const open = useFamilyBench((state) => state.open)
  useFollowed()
  if (!open) return null
  return <OpenBench />
}

function OpenBench() {
  const family = useCurrentFamily()
  // What the panes show is read together.
  useLayout()
  useVolumes()
  usePlayer()
  const model = activePaneModel()
  // In 3-D alone there is a crosshair as well.
  const view = useView(({ views }) => model?.view ?? (family ? views[tomogramOf(family.mean)] : undefined))
  if (!family || !view)
    return (
      <section className="family-bench" aria-label="Family">
        <header className="family-head">
          <h2>Family</h2>
          <span className="top-spring" />
          <Close />
        </header>
        <p className="family-note">
          No family yet. Run CryoWGEN-II: it draws members from the posterior, and what they disagree about is what the
          data leave open.
        </p>
      </section>
    )
  const { cursor } = view
  return (
    <section className="family-bench" aria-label="Family">
      <div className="family-members">
        <header className="family-head">
          <h2
            {...tip(
              `${methods[family.job.request.method].name}: draws from the posterior, each agreeing with the data.`
            )}
          >
            Family
          </h2>
          <Player family={family} />
        </header>
        {model ? (
          <MemberStrip family={family} model={model} />
        ) : (
          <p className="family-note">Pictures of the members’ slices appear here as soon as a pane shows slices.</p>
        )}
      </div>
      <div className="family-here">
        <TemperatureBar key={family.runId} family={family} voxel={cursor} close={<Close />} />
        <Distribution family={family} voxel={cursor} />
      </div>
    </section>
  )
}

function Close() {
  return (
    <button type="button" className="icon-button" aria-label="Close the family" onClick={() => openBench(false)}>
      <Icon name="close" />
    </button>
  )
}

function Player({ family }: { family: Family }) {
  const playing = useFamilyBench((state) => state.playing)
  const speed = useFamilyBench((state) => state.membersPerSecond)
  const shown = shownMember(family)
  const count = family.members.length
  return (
    <div className="family-player" role="group" aria-label="Animation of the family" data-playing={playing}>
      <CommandButton id="previous-member" icon="previous" disabled={count === 0} />
      <CommandButton id="play-family" icon={playing ? 'pause' : 'play'} pressed={playing} disabled={count === 0} />
      <CommandButton id="next-member" icon="next" disabled={count === 0} />
      <select
        className="compact"
        aria-label="Speed"
        value={speed}
        disabled={prefersStill()}
        onChange={(event) => useFamilyBench.setState({ membersPerSecond: Number(event.target.value) })}
        {...tip('Members a second')}
      >
        {speeds.map((option) => (
          <option key={option} value={option}>
            {option} /s
          </option>
        ))}
      </select>
      <span className="family-count">
        {count === 0 ? 'no members yet' : `${shown === null ? '–' : shown + 1} of ${count}`}, γ{' '}
        {Number(gammaOf(family).toPrecision(3))}
      </span>
    </div>
  )
}

/** Brings a continued run's maps on screen as soon as they are there. */
function useFollowed(): void {
  const following = useFamilyBench((state) => state.following)
  const volumes = useVolumes((state) => state.volumes)
  const job = useJobs((state) => (following ? state.jobs[following.jobId] : undefined))
  useEffect(() => {
    if (!following) return
    const isShown = showContinued(following)
    const isOver = job !== undefined && job.state !== 'queued' && job.state !== 'running'
    if (isShown || isOver) useFamilyBench.setState({ following: null })
  }, [following, volumes, job])
}
