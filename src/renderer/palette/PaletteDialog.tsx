import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { keysOf } from '../commands/bindings.ts'
import { keyLabel } from '../commands/keys.ts'
import { commands } from '../commands/table.ts'
import { showDialog } from '../stores/session.ts'
import type { Match } from './fuzzy.ts'
import { rankedCommands, titleOf, type Entry } from './ranked.ts'
import { recentCommands, rememberCommand } from './recent.ts'

/** Everything the window can do, found by typing. */
export function PaletteDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const listId = useId()
  const [recent] = useState(recentCommands)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const entries = rankedCommands(commands, query, recent)
  const optionId = (index: number): string => `${listId}-${index}`

  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen, query])

  const run = (entry: Entry | undefined): void => {
    if (!entry?.available) return
    // First, so that the command may open a dialog of its own.
    showDialog(null)
    rememberCommand(entry.command.id)
    entry.command.run()
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = entries.length - 1
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: chosen >= last ? 0 : chosen + 1,
      ArrowUp: chosen <= 0 ? last : chosen - 1,
      PageDown: Math.min(last, chosen + 8),
      PageUp: Math.max(0, chosen - 8)
    }
    if (event.key in moves) setChosen(Math.max(0, moves[event.key]))
    else if (event.key === 'Enter') run(entries[chosen])
    else return
    event.preventDefault()
  }

  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label="Commands"
      onCancel={() => showDialog(null)}
      onPointerDown={(event) => event.target === dialog.current && showDialog(null)}
    >
      <input
        type="text"
        className="palette-query"
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={entries.length > 0 ? optionId(chosen) : undefined}
        placeholder="Type what you want to do"
        spellCheck={false}
        autoFocus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id={listId} className="palette-list" role="listbox" aria-label="Commands">
        {entries.map((entry, index) => (
          <li
            key={entry.command.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === chosen}
            aria-disabled={!entry.available}
            data-command={entry.command.id}
            onPointerMove={() => index !== chosen && setChosen(index)}
            onClick={() => run(entry)}
          >
            <span className="palette-title">
              <Marked text={titleOf(entry.command)} ranges={entry.ranges} />
            </span>
            <span className="palette-group">{entry.command.group}</span>
            <span className="palette-keys">
              {keysOf(entry.command)
                .slice(0, 2)
                .map((key) => (
                  <kbd key={key}>{keyLabel(key)}</kbd>
                ))}
            </span>
          </li>
        ))}
      </ul>
      <p className="palette-foot" role="status">
        {entries.length === 0
          ? `No command answers “${query}”. Try a word of its name or of its menu.`
          : '↑ ↓ choose, Enter does it, Esc closes. Dim: needs something open or shown first.'}
      </p>
    </dialog>
  )
}

/** A text with the letters that answer the query set off. */
function Marked({ text, ranges }: { text: string; ranges: Match['ranges'] }) {
  const starts = [0, ...ranges.map(([, to]) => to)]
  return (
    <>
      {ranges.map(([from, to], i) => (
        <span key={from}>
          {text.slice(starts[i], from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(starts.at(-1))}
    </>
  )
}
