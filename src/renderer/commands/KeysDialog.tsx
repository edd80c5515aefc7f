import { Dialog } from '../controls/Dialog.tsx'
import { showDialog } from '../stores/session.ts'
import { resetAllKeys, useBindings } from './bindings.ts'
import { commandGroups } from './command.ts'
import { KeyRow } from './KeyRow.tsx'
import { commands } from './table.ts'

const pointer: readonly [action: string, does: string][] = [
  ['Click', 'set the crosshair'],
  ['Drag', 'move the picture'],
  ['Drag a crosshair line', 'step through the other planes'],
  ['Right drag', 'window (sideways) and level (up and down)'],
  ['Wheel', 'step slices; with Shift by ten'],
  ['Ctrl + wheel, pinch', 'zoom about the pointer']
]

/** Every key, made from the table of commands, and changed here. */
export function KeysDialog() {
  const changed = useBindings((state) => Object.keys(state.chosen).length)
  return (
    <Dialog
      title="Keys"
      wide
      onClose={() => showDialog(null)}
      footer={
        <>
          <span className="grow hint">
            Click a key to change it. {changed === 0 ? 'All are as they came.' : `${changed} changed.`} They are kept
            for you on this computer.
          </span>
          <button type="button" className="button" disabled={changed === 0} onClick={resetAllKeys}>
            Reset all
          </button>
        </>
      }
    >
      <div className="keys-columns">
        {commandGroups
          .filter((group) => commands.some((command) => command.group === group))
          .map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              <ul className="keys">
                {commands
                  .filter((command) => command.group === group)
                  .map((command) => (
                    <KeyRow key={command.id} command={command} />
                  ))}
              </ul>
            </section>
          ))}
        <section>
          <h3>Pointer</h3>
          <ul className="keys">
            {pointer.map(([action, does]) => (
              <li key={action}>
                <span>{does}</span>
                <span className="hint">{action}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  )
}
