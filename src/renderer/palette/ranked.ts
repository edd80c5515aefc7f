import type { Command } from '../commands/command.ts'
import { matchOf, type Match } from './fuzzy.ts'

/** A line of the palette. */
export interface Entry {
  command: Command
  available: boolean
  /** Where the title answers the query. */
  ranges: Match['ranges']
}

export function titleOf({ title }: Pick<Command, 'title'>): string {
  return title.replace('…', '')
}

/**
 * The commands that answer a query, best first; those with its letters only here and there where nothing answers better. Without a
 * query all of them: those used last, then the table's order, then what can't be done now.
 *
 * @param recent ids, the last used first
 */
export function rankedCommands(commands: readonly Command[], query: string, recent: readonly string[]): Entry[] {
  const found = commands.flatMap((command, place) => {
    const title = titleOf(command)
    // The group's name finds a command, too, but is shown apart.
    const match = matchOf(query, title) ?? matchOf(query, `${title} ${command.group}`)
    if (!match) return []
    const used = recent.indexOf(command.id)
    const ranges = match.ranges.filter(([, to]) => to <= title.length)
    const available = command.available?.() !== false
    const score = match.score + (used < 0 ? 0 : 3 - used / 10) - (available ? 0 : 6)
    return [{ command, available, ranges, score, place, scattered: match.scattered }]
  })
  const better = found.filter(({ scattered }) => !scattered)
  const listed = better.length > 0 ? better : found
  listed.sort((a, b) => b.score - a.score || a.place - b.place)
  return listed.map(({ command, available, ranges }) => ({ command, available, ranges }))
}
