import { lazy, Suspense, useEffect } from 'react'
import { listenForCommands } from './commands/keys.ts'
import { KeysDialog } from './commands/KeysDialog.tsx'
import { TipLayer } from './controls/TipLayer.tsx'
import { FigureEditor } from './figure/FigureEditor.tsx'
import { listenForDrops } from './files/dropFiles.ts'
import { OpenDialog } from './files/OpenDialog.tsx'
import { startHistory } from './history/windowHistory.ts'
import { PaletteDialog } from './palette/PaletteDialog.tsx'
import { Messages } from './panels/Messages.tsx'
import { SettingsPanel } from './panels/SettingsPanel.tsx'
import { StatusBar } from './panels/StatusBar.tsx'
import { TopBar } from './panels/TopBar.tsx'
import { VolumesPanel } from './panels/VolumesPanel.tsx'
import { Workspace } from './panes/Workspace.tsx'
import { OfferBar } from './session/OfferBar.tsx'
import { SessionDialogs } from './session/SessionDialogs.tsx'
import { useLayout } from './stores/layout.ts'
import { useSession } from './stores/session.ts'
import { useTheme } from './stores/theme.ts'
import { DerivedParts } from './uncertainty/DerivedParts.tsx'

/** Loaded when it is asked for: the encoders and muxers of movies are as large as the rest of the window. */
const MovieDialog = lazy(() => import('./movie/MovieDialog.tsx'))

export function App() {
  const theme = useTheme((state) => state.theme)
  const { leftOpen, rightOpen } = useLayout()
  const { dialog, dragging } = useSession()

  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  useEffect(() => startHistory(), [])
  useEffect(() => listenForCommands(), [])
  useEffect(() => listenForDrops(), [])

  return (
    <div className="frame">
      <TopBar />
      <OfferBar />
      <div className="middle">
        {leftOpen && <VolumesPanel />}
        <Workspace />
        {rightOpen && <SettingsPanel />}
      </div>
      <StatusBar />
      <Messages />
      {dragging && <div className="drop-frame">Drop to open</div>}
      {dialog === 'open' && <OpenDialog what="tomogram" />}
      {dialog === 'open-bundle' && <OpenDialog what="bundle" />}
      {dialog === 'figure' && <FigureEditor />}
      {dialog === 'movie' && (
        <Suspense>
          <MovieDialog />
        </Suspense>
      )}
      {dialog === 'keys' && <KeysDialog />}
      {dialog === 'palette' && <PaletteDialog />}
      <SessionDialogs />
      <DerivedParts />
      <TipLayer />
    </div>
  )
}
