import { Dialog } from '../controls/Dialog.tsx'
import { showDialog } from '../stores/session.ts'
import { keyLabel } from './keys.ts'
import { commandGroups } from './command.ts'
import { commands } from './table.ts'

const pointer: readonly [action: string, does: string][] = [
  ['Click', 'set the crosshair'],
  ['Drag', 'move the picture'],
  ['Drag a crosshair line', 'step through the other planes'],
  ['Right drag', 'window (sideways) and level (up and down)'],
  ['Wheel', 'step slices; with Shift by ten'],
  ['Ctrl + wheel, pinch', 'zoom about the pointer']
]

/** Every key, made from the table of commands. */
export function KeysDialog() {
  return (
    <Dialog title="Keys" wide onClose={() => showDialog(null)}>
      <div className="keys-columns">
        {commandGroups
          .filter((group) => commands.some((command) => command.group === group))
          .map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              <dl className="keys">
                {commands
                  .filter((command) => command.group === group)
                  .map((command) => (
                    <div key={command.id}>
                      <dt>{command.title.replace('…', '')}</dt>
                      <dd>
                        {command.keys.map((key) => (
                          <kbd key={key}>{keyLabel(key)}</kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        <section>
          <h3>Pointer</h3>
          <dl className="keys">
            {pointer.map(([action, does]) => (
              <div key={action}>
                <dt>{does}</dt>
                <dd>{action}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}
