import { planeSchema } from '../../shared/axes.ts'
import { setKind, setPlane, type Pane } from '../stores/layout.ts'
import { kindNames, offeredKinds, type PaneOf } from '../stores/paneKinds.ts'

/** What a pane shows: a plane of slices, or another view of the same volume. */
export function KindChoice({ pane }: { pane: Exclude<Pane, PaneOf<'awaiting'>> }) {
  const others = offeredKinds.filter((kind) => kind !== 'slice')
  return (
    <select
      className="compact"
      aria-label="Plane"
      value={pane.kind === 'slice' ? pane.plane : pane.kind}
      onChange={({ target }) => {
        const kind = others.find((other) => other === target.value) ?? 'slice'
        setKind(pane.id, kind)
        if (kind === 'slice') setPlane(pane.id, planeSchema.parse(target.value))
      }}
    >
      {planeSchema.options.map((plane) => (
        <option key={plane} value={plane}>
          {plane.toUpperCase()}
        </option>
      ))}
      {others.map((kind) => (
        <option key={kind} value={kind}>
          {kindNames[kind]}
        </option>
      ))}
    </select>
  )
}
