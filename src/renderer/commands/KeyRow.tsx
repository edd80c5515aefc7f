import { Fragment, useState, type KeyboardEvent } from 'react'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { bindKey, conflictOf, keysOf, resetKeys, unbind, useBindings } from './bindings.ts'
import type { Command } from './command.ts'
import { keyLabel, keyOf } from './keys.ts'
import { commands } from './table.ts'

/** resting: shows the keys; waiting: takes the next key; taken: asks, because another command has the key. */
type State = { kind: 'resting' } | { kind: 'waiting'; problem?: string } | { kind: 'taken'; key: string; by: Command }

const modifiers = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead']
/** They work whatever has the focus, and move it. */
const reserved = ['Tab', 'Shift+Tab', 'Enter', ' ']

/** A command and its keys in the list of keys, where another key may be given to it. */
export function KeyRow({ command }: { command: Command }) {
  const [state, setState] = useState<State>({ kind: 'resting' })
  const keys = useBindings((bindings) => keysOf(command, bindings))
  const changed = useBindings((bindings) => command.id in bindings.chosen)
  const title = command.title.replace('…', '')
  const rest = (): void => setState({ kind: 'resting' })

  const onKeyDown = (event: KeyboardEvent): void => {
    if (state.kind !== 'waiting' || modifiers.includes(event.key)) return
    // Neither the dialog nor the window may take it for one of theirs.
    event.preventDefault()
    event.stopPropagation()
    const key = keyOf(event.nativeEvent)
    if (key === 'Escape') return rest()
    if (key === 'Backspace') {
      unbind(commands, command)
      return rest()
    }
    if (reserved.includes(key)) {
      setState({ kind: 'waiting', problem: `${key === ' ' ? 'Space' : keyLabel(key)} moves or works the focus` })
      return
    }
    const by = conflictOf(commands, command, key)
    if (by) setState({ kind: 'taken', key, by })
    else {
      bindKey(commands, command, key)
      rest()
    }
  }

  return (
    <li data-command={command.id}>
      <span>{title}</span>
      <span className="key-side">
        {changed && state.kind === 'resting' && (
          <button
            type="button"
            className="icon-button key-reset"
            aria-label={`Reset the key of ${title}`}
            onClick={() => resetKeys(commands, command)}
            {...tip(`As it came: ${command.keys.map((key) => keyLabel(key)).join(', ') || 'no key'}`)}
          >
            <Icon name="reset" />
          </button>
        )}
        {state.kind === 'taken' ? (
          <span className="key-taken" role="alert">
            <span>
              <kbd>{keyLabel(state.key)}</kbd> is “{state.by.title.replace('…', '')}”
            </span>
            <button
              type="button"
              className="button"
              autoFocus
              onClick={() => {
                bindKey(commands, command, state.key)
                rest()
              }}
            >
              Take it
            </button>
            <button type="button" className="button" onClick={rest}>
              Keep
            </button>
          </span>
        ) : (
          <button
            type="button"
            className="key-change"
            onClick={() => setState({ kind: 'waiting' })}
            onKeyDown={onKeyDown}
            onBlur={rest}
          >
            <span className="only-read">Key of {title}: </span>
            {state.kind === 'waiting' ? (
              <span className="key-waiting">{state.problem ?? 'Press a key; Backspace: none'}</span>
            ) : keys.length === 0 ? (
              <span className="hint">no key</span>
            ) : (
              keys.map((key, i) => (
                <Fragment key={key}>
                  {i > 0 && <span className="only-read"> or </span>}
                  <kbd>{keyLabel(key)}</kbd>
                </Fragment>
              ))
            )}
          </button>
        )}
      </span>
    </li>
  )
}
