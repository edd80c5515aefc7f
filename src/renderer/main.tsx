import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { startSession } from './files/session.ts'
import { keepFigure } from './figure/keepFigure.ts'
import { keepMovie } from './movie/keepMovie.ts'
import { followSlices } from './slices/followSlices.ts'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './theme/frame.css'
import './theme/panes.css'
import './theme/layout.css'
import './theme/compare.css'
import './theme/panels.css'
import './theme/volumes-panel.css'
import './theme/volume.css'
import './theme/dialogs.css'
import './theme/directions.css'
import './theme/family.css'
import './theme/figure.css'
import './theme/palette.css'
import './theme/uncertainty.css'
import './theme/readout.css'
import './theme/measure.css'
import './theme/movie.css'
import './theme/unfinished.css'
import './theme/session.css'

followSlices()
// What is open is asked for before the page is built.
void startSession()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>
)
keepFigure()
keepMovie()
