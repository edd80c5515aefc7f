import { currentTomogram, useVolumes } from '../stores/volumes.ts'
import { PartsPanel } from '../uncertainty/PartsPanel.tsx'
import { VolumePanel } from '../volume3d/VolumePanel.tsx'
import { MeasurePanel } from '../measure/MeasurePanel.tsx'
import { ContrastPanel } from './ContrastPanel.tsx'
import { FilterPanel } from './FilterPanel.tsx'
import { OverlayPanel } from './OverlayPanel.tsx'
import { RegionPanel } from './RegionPanel.tsx'
import { RunPanel } from './RunPanel.tsx'
import { RunStart } from './RunStart.tsx'
import { WedgePanel } from './WedgePanel.tsx'

/** Right: how it is drawn, what wedge is assumed, what to run. */
export function SettingsPanel() {
  const tomogram = useVolumes(currentTomogram)
  return (
    <aside className="panel panel-right" aria-label="Settings">
      <div className="panel-scroll">
        {tomogram ? (
          <>
            <VolumePanel />
            <ContrastPanel />
            <FilterPanel tomogram={tomogram.id} />
            <PartsPanel tomogram={tomogram.id} />
            <OverlayPanel tomogram={tomogram.id} />
            <WedgePanel tomogram={tomogram} />
            <RegionPanel tomogram={tomogram.id} />
            <MeasurePanel tomogram={tomogram.id} />
            <RunPanel tomogram={tomogram} />
          </>
        ) : (
          <p className="panel-note">Contrast, missing wedge, region and runs appear here once a tomogram is open.</p>
        )}
      </div>
      {tomogram && <RunStart tomogram={tomogram} />}
    </aside>
  )
}
