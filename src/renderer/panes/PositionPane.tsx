import type { Axis } from '../../shared/axes.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { positionNm } from '../numbers/format.ts'
import { moveCursor, type View } from '../stores/view.ts'

const axes: readonly Axis[] = ['x', 'y', 'z']

/** The corner of the three planes: where the crosshair is, as sliders and typed numbers (as in 3dmod's XYZ window). */
export function PositionPane({ group, view }: { group: string; view: View }) {
  const nm = view.voxelSizeAngstrom && positionNm(view.cursor, view.voxelSizeAngstrom)
  return (
    <section className="pane position-pane" aria-label="Position of the crosshair">
      {axes.map((axis) => (
        <div key={axis} className="position-row">
          <input
            type="range"
            aria-label={`${axis} of the crosshair, slider`}
            min={0}
            max={view.size[axis] - 1}
            value={view.cursor[axis]}
            onChange={(event) => moveCursor(group, { [axis]: Number(event.target.value) })}
          />
          <NumberField
            label={axis}
            labelled
            integer
            min={0}
            max={view.size[axis] - 1}
            value={view.cursor[axis]}
            onCommit={(value) => value !== null && moveCursor(group, { [axis]: value })}
          />
          <span className="position-nm">{nm ? `${nm[axis].toFixed(2)} nm` : ''}</span>
        </div>
      ))}
    </section>
  )
}
