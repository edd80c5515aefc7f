import type { WedgeReport } from '../../shared/api.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { getSpectrum } from '../api/routes.ts'
import { useFetched } from '../api/useFetched.ts'
import { SpectrumImage } from '../directions/SpectrumImage.tsx'
import { spectrumFrame } from '../../shared/spectrum-geometry.ts'
import { WedgeEdges } from '../directions/WedgeEdges.tsx'
import { acrossAxis, columnsRunAcross, planeAcross } from '../geometry/wedgePlane.ts'

const size = 168

interface SpectrumPlotProps {
  tomogram: OpenVolume
  wedge: Wedge
  estimate: WedgeReport['estimate']
  onChange(edit: Partial<Wedge>): void
}

/** Log power in the plane across the tilt axis, with the assumed wedge on it; its edges can be dragged. */
export function SpectrumPlot({ tomogram, wedge, estimate, onChange }: SpectrumPlotProps) {
  const plane = planeAcross(wedge.tiltAxis)
  const key = `${tomogram.id}:${plane}`
  const spectrum = useFetched(key, (signal) => getSpectrum(tomogram.id, plane, signal))
  const horizontal = columnsRunAcross(wedge)
  const { size: voxels } = tomogram.info
  const shape = spectrum.value ?? { rows: voxels[planeAxes[plane].row], columns: voxels[planeAxes[plane].column] }
  return (
    <figure className="spectrum">
      <div className="spectrum-picture">
        <SpectrumImage spectrum={spectrum.key === key ? spectrum.value : null} label="Log power spectrum" />
        <svg viewBox={`0 0 ${size} ${size}`} role="group" aria-label="Assumed wedge on the power spectrum">
          <WedgeEdges frame={spectrumFrame(shape, size)} wedge={wedge} estimate={estimate} onChange={onChange} />
        </svg>
        {spectrum.failure && <p className="pane-note">{spectrum.failure.message}</p>}
      </div>
      <figcaption>
        Log power: k<sub>{horizontal ? acrossAxis(wedge) : wedge.beamAxis}</sub> right, k
        <sub>{horizontal ? wedge.beamAxis : acrossAxis(wedge)}</sub> up
      </figcaption>
    </figure>
  )
}
