import type { Axis } from '../../shared/axes.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { positionNm } from '../numbers/format.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { moveCursor, useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { PaneFrame } from './PaneFrame.tsx'

const axes: readonly Axis[] = ['x', 'y', 'z']

/** Where the active pane's crosshair is, as sliders and typed numbers (as in 3dmod's XYZ window). */
export function PositionPane({ pane }: { pane: PaneOf<'position'> }) {
  useVolumes()
  useLayout()
  useLinks()
  useView((state) => state.views)
  const model = activePaneModel()
  return (
    <PaneFrame pane={pane} label="Position of the crosshair">
      <div className="position-pane">{model && <Fields group={model.group} view={model.view} />}</div>
    </PaneFrame>
  )
}

function Fields({ group, view }: Pick<NonNullable<ReturnType<typeof activePaneModel>>, 'group' | 'view'>) {
  const nm = view.voxelSizeAngstrom && positionNm(view.cursor, view.voxelSizeAngstrom)
  return axes.map((axis) => (
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
  ))
}
