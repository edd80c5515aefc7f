/**
 * Something with a schema of its own that a session keeps: a figure, a movie. `read` gives plain data, undefined where there is nothing to
 * keep; `write` is given what was kept, and checks it: a session file may hold anything. Volumes in it are named by fields called `volume`,
 * `volumeId`, `tomogram`, `tintId`, `other` or `base`, runs by `run` or `runId`.
 */
export interface SessionDocument {
  name: string
  read(): unknown
  /** undefined: the session has none. */
  write(kept: unknown): void
  subscribe(listener: () => void): () => void
}

const registered: SessionDocument[] = []

export function registerDocument(document: SessionDocument): void {
  registered.push(document)
}

/** Of names that no part of this program knows: kept for the one that does. */
let unknown: Record<string, unknown> = {}

export function readDocuments(): Record<string, unknown> {
  const known = registered.flatMap(({ name, read }) => {
    const kept = read()
    return kept === undefined ? [] : [[name, kept]]
  })
  return { ...unknown, ...Object.fromEntries(known) }
}

export function writeDocuments(documents: Readonly<Record<string, unknown>>): void {
  unknown = Object.fromEntries(
    Object.entries(documents).filter(([name]) => !registered.some((document) => document.name === name))
  )
  for (const { name, write } of registered) write(documents[name])
}

export function onDocumentChange(listener: () => void): () => void {
  const stops = registered.map(({ subscribe }) => subscribe(listener))
  return () => stops.forEach((stop) => stop())
}
