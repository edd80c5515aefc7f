import { wholeBox, type Axis, type Box } from '../../shared/axes.ts'
import { CommandButton } from '../commands/CommandButton.tsx'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { setRegion, useRegion } from '../stores/region.ts'
import { useView } from '../stores/view.ts'

const axes: readonly Axis[] = ['x', 'y', 'z']

/** The region of interest as numbers; in the panes it is drawn and dragged. */
export function RegionPanel({ tomogram }: { tomogram: string }) {
  // Not the whole view: a step through the slices changes nothing here.
  const size = useView((state) => state.views[tomogram]?.size)
  const voxelSizeAngstrom = useView((state) => state.views[tomogram]?.voxelSizeAngstrom)
  const tool = useView((state) => state.tool)
  const box = useRegion((state) => state.boxes[tomogram] ?? null)
  if (!size) return null
  const shown = box ?? wholeBox(size)
  const set = (axis: Axis, side: 0 | 1, value: number | null): void => {
    if (value === null) return
    const edited: Box = { ...shown, [axis]: side === 0 ? [value, shown[axis][1]] : [shown[axis][0], value] }
    setRegion(tomogram, edited)
  }
  const extent = axes.map((axis) => shown[axis][1] - shown[axis][0])
  return (
    <Section
      title="Region of interest"
      aside={<span className="section-aside">{box ? extent.join(' × ') : 'whole volume'}</span>}
    >
      <div className="row">
        <CommandButton id="draw-region" icon="region" label="Draw" pressed={tool === 'region'} />
        <CommandButton id="region-here" label="Around crosshair" />
        <CommandButton id="no-region" label="Whole" disabled={box === null} />
      </div>
      <div className="region-fields" role="group" aria-label="Region in voxels, from (inclusive) to (exclusive)">
        {axes.map((axis) => (
          <div key={axis} className="row">
            <NumberField
              label={`${axis} from`}
              labelled
              integer
              min={0}
              max={shown[axis][1] - 1}
              value={shown[axis][0]}
              onCommit={(value) => set(axis, 0, value)}
            />
            <NumberField
              label={`${axis} to`}
              labelled
              integer
              min={shown[axis][0] + 1}
              max={size[axis]}
              value={shown[axis][1]}
              onCommit={(value) => set(axis, 1, value)}
            />
            <span className="row-note">
              {voxelSizeAngstrom
                ? `${(((shown[axis][1] - shown[axis][0]) * voxelSizeAngstrom[axis]) / 10).toFixed(1)} nm`
                : `${shown[axis][1] - shown[axis][0]} voxels`}
            </span>
          </div>
        ))}
      </div>
    </Section>
  )
}
