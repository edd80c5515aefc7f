import { z } from 'zod'

const storageKey = 'wedgeview-recent-commands'
const limit = 6

/** Ids of the commands chosen in the palette, the last one first. */
export function recentCommands(): readonly string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(globalThis.localStorage?.getItem(storageKey) ?? '[]'))
  } catch {
    return []
  }
}

export function rememberCommand(id: string): void {
  const recent = [id, ...recentCommands().filter((other) => other !== id)].slice(0, limit)
  globalThis.localStorage?.setItem(storageKey, JSON.stringify(recent))
}
