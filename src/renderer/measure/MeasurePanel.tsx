import { CommandButton } from '../commands/CommandButton.tsx'
import { keysInWords } from '../commands/keys.ts'
import { Icon } from '../controls/Icon.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { minus } from '../numbers/format.ts'
import { moveCursor, useView, type View } from '../stores/view.ts'
import { formatDistance, formatVoxels, lengthOf } from '../../shared/distances.ts'
import { linesOf, removeLine, useMeasure, type Line } from './measurements.ts'

/** Measured distances as numbers; in the panes they are drawn. */
export function MeasurePanel({ tomogram }: { tomogram: string }) {
  const lines = useMeasure((state) => linesOf(state, tomogram))
  const view = useView((state) => state.views[tomogram])
  const tool = useView((state) => state.tool)
  if (!view) return null
  return (
    <Section
      title="Distances"
      aside={<span className="section-aside">{lines.length === 0 ? 'none' : lines.length}</span>}
      initiallyOpen={false}
    >
      <div className="row">
        <CommandButton id="measure" icon="ruler" label="Measure" pressed={tool === 'measure'} />
        <CommandButton id="copy-measurements" label="Copy" disabled={lines.length === 0} />
        <CommandButton id="clear-measurements" label="Clear" disabled={lines.length === 0} />
      </div>
      {lines.length === 0 ? (
        <p className="hint">
          {keysInWords('measure') ?? 'Measure'}, then click two points, in one slice or in two. Esc takes the first
          point back.
        </p>
      ) : (
        <ol className="measure-list" aria-label="Measured distances">
          {lines.map((line) => (
            <LineRow key={line.id} line={line} view={view} tomogram={tomogram} />
          ))}
        </ol>
      )}
    </Section>
  )
}

function LineRow({ line, view, tomogram }: { line: Line; view: View; tomogram: string }) {
  const length = lengthOf(line, view.voxelSizeAngstrom)
  const along = (['x', 'y', 'z'] as const)
    .map((axis) => `${axis} ${minus((line.to[axis] - line.from[axis]).toFixed(1))}`)
    .join(', ')
  const name = `distance ${line.id}, ${formatDistance(length)}`
  return (
    <li data-line={line.id} data-nm={length.nm ?? ''} data-voxels={length.voxels}>
      <button
        type="button"
        className="measure-go"
        onClick={() => moveCursor(tomogram, line.from)}
        {...tip(`${along} voxels from end to end. Click: the crosshair goes to its beginning.`)}
      >
        <span className="only-read">Go to distance </span>
        <span className="measure-number">{line.id}</span>
        <span className="measure-length">{formatDistance(length)}</span>
        {length.nm !== null && <span className="hint">{formatVoxels(length)}</span>}
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Remove ${name}`}
        onClick={() => removeLine(tomogram, line.id)}
      >
        <Icon name="close" />
      </button>
    </li>
  )
}
