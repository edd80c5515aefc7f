/**
 * A store's state as a flat list of settings. A path names each: `views`, `tomogram-1`, `scale`. Stores replace what changes and
 * keep the rest (zustand), so two states are compared leaf by leaf with `Object.is`.
 */
export type Leaves = ReadonlyMap<string, unknown>

/** How deep the settings of a field lie: 0 the field itself, 1 its entries, 2 the fields of its entries. */
export type Shape = Readonly<Record<string, 0 | 1 | 2>>

/** What a leaf that is not there is. */
export const absent = Symbol('absent')

/** A leaf's value on one side of a change, and on the other. */
export interface Sides {
  to: unknown
  from: unknown
}

const separator = '\n'

export const pathOf = (...parts: readonly string[]): string => parts.join(separator)
export const partsOf = (path: string): string[] => path.split(separator)

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function leavesOf(state: object, shape: Shape): Map<string, unknown> {
  const leaves = new Map<string, unknown>()
  const walk = (value: unknown, depth: number, parts: readonly string[]): void => {
    if (depth === 0) leaves.set(pathOf(...parts), value)
    else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) walk(inner, depth - 1, [...parts, key])
  }
  const fields: Readonly<Record<string, unknown>> = { ...state }
  for (const [field, depth] of Object.entries(shape)) walk(fields[field], depth, [field])
  return leaves
}

/**
 * The fields of `state` with some leaves set or taken away. An entry that is gone by now (its file was closed) is not made up
 * again from a part of it; one that the change itself made, is.
 */
export function withLeaves(state: object, leaves: ReadonlyMap<string, Sides>): Record<string, unknown> {
  const fields: Readonly<Record<string, unknown>> = { ...state }
  const changed: Record<string, unknown> = {}
  for (const [path, sides] of leaves) {
    const [field, ...rest] = partsOf(path)
    const set = placed(field in changed ? changed[field] : fields[field], rest, sides)
    if (set !== absent) changed[field] = set
  }
  return changed
}

function placed(value: unknown, path: readonly string[], sides: Sides): unknown {
  if (path.length === 0) return sides.to
  const [key, ...rest] = path
  if (!isRecord(value)) return absent
  if (rest.length > 0 && !(key in value)) {
    if (sides.from !== absent || sides.to === absent) return value
    return { ...value, [key]: placed({}, rest, sides) }
  }
  const inner = placed(value[key], rest, sides)
  const others = Object.fromEntries(Object.entries(value).filter(([other]) => other !== key))
  const emptied = inner === absent || (rest.length > 0 && isRecord(inner) && Object.keys(inner).length === 0)
  return emptied ? others : { ...value, [key]: inner }
}
