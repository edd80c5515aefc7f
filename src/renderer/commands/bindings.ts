import { create } from 'zustand'
import { z } from 'zod'
import type { Command } from './command.ts'

const storageKey = 'wedgeview-keys'
const storedSchema = z.record(z.string(), z.array(z.string()))

interface BindingsState {
  /** Keys that a person chose, by command; a command that is not here keeps the table's. */
  chosen: Readonly<Record<string, readonly string[]>>
}

/** What was kept from an earlier session; nothing where it can't be read. */
function kept(): BindingsState['chosen'] {
  try {
    return storedSchema.parse(JSON.parse(globalThis.localStorage?.getItem(storageKey) ?? '{}'))
  } catch {
    return {}
  }
}

export const useBindings = create<BindingsState>()(() => ({ chosen: kept() }))

function choose(chosen: BindingsState['chosen']): void {
  useBindings.setState({ chosen })
  globalThis.localStorage?.setItem(storageKey, JSON.stringify(chosen))
}

/** The keys of a command as they are now; the first is the one shown. */
export function keysOf(command: Pick<Command, 'id' | 'keys'>, { chosen } = useBindings.getState()): readonly string[] {
  return chosen[command.id] ?? command.keys
}

/** The command that a key belongs to already, unless it is `command` itself. */
export function conflictOf(commands: readonly Command[], command: Command, key: string): Command | null {
  return commands.find((other) => other.id !== command.id && keysOf(other).includes(key)) ?? null
}

/** Gives a command this key instead of all it has. Another one that has the key loses it. */
export function bindKey(commands: readonly Command[], command: Command, key: string): void {
  const chosen = { ...useBindings.getState().chosen }
  const other = conflictOf(commands, command, key)
  if (other) chosen[other.id] = keysOf(other).filter((its) => its !== key)
  chosen[command.id] = [key]
  choose(withoutDefaults(commands, chosen))
}

/** Takes all its keys from a command. */
export function unbind(commands: readonly Command[], command: Command): void {
  choose(withoutDefaults(commands, { ...useBindings.getState().chosen, [command.id]: [] }))
}

/** Gives a command the table's keys again; another one that took them loses them. */
export function resetKeys(commands: readonly Command[], command: Command): void {
  const chosen = { ...useBindings.getState().chosen }
  for (const other of commands) {
    const rest = keysOf(other).filter((key) => !command.keys.includes(key))
    if (other.id !== command.id && rest.length < keysOf(other).length) chosen[other.id] = rest
  }
  delete chosen[command.id]
  choose(withoutDefaults(commands, chosen))
}

export function resetAllKeys(): void {
  choose({})
}

/** Only what differs from the table is kept, so that a later version's new keys reach people who changed others. */
function withoutDefaults(commands: readonly Command[], chosen: BindingsState['chosen']): BindingsState['chosen'] {
  return Object.fromEntries(
    Object.entries(chosen).filter(([id, keys]) => {
      const defaults = commands.find((command) => command.id === id)?.keys
      return defaults === undefined || defaults.join(' ') !== keys.join(' ')
    })
  )
}
