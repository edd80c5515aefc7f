import { CommandButton } from '../commands/CommandButton.tsx'
import { useHistory } from '../history/windowHistory.ts'
import { SessionName } from '../session/SessionName.tsx'
import { useLayout } from '../stores/layout.ts'
import { useTheme } from '../stores/theme.ts'
import { useVolumes } from '../stores/volumes.ts'

/** Above everything: panels, undo, layouts, figure, theme, commands, keys. */
export function TopBar() {
  const { preset, leftOpen, rightOpen } = useLayout()
  const { undo, redo } = useHistory()
  const theme = useTheme((state) => state.theme)
  const empty = useVolumes((state) => state.tomogram === null)
  return (
    <header className="top-bar">
      <CommandButton id="toggle-left" icon="panel-left" pressed={leftOpen} />
      <CommandButton id="open" icon="open" label="Open" />
      <CommandButton id="undo" icon="undo" disabled={undo === null} />
      <CommandButton id="redo" icon="redo" disabled={redo === null} />
      <div className="segments" role="group" aria-label="Layout">
        <CommandButton id="single" icon="single" label="Slice" pressed={preset === 'single'} disabled={empty} />
        <CommandButton id="planes" icon="planes" label="Three planes" pressed={preset === 'planes'} disabled={empty} />
        <CommandButton id="compare" icon="compare" label="Compare" pressed={preset === 'compare'} disabled={empty} />
        <CommandButton id="methods" icon="grid" label="Methods" pressed={preset === 'methods'} disabled={empty} />
        <CommandButton id="family" icon="strip" label="Members" pressed={preset === 'family'} disabled={empty} />
      </div>
      <span className="top-spring" />
      <SessionName />
      <CommandButton id="save-figure" icon="figure" label="Figure" disabled={empty} />
      <CommandButton id="save-movie" icon="movie" disabled={empty} />
      <CommandButton id="theme" icon={theme === 'dark' ? 'sun' : 'moon'} />
      <CommandButton id="palette" icon="search" />
      <CommandButton id="keys" icon="keys" />
      <CommandButton id="toggle-right" icon="panel-right" pressed={rightOpen} />
    </header>
  )
}
