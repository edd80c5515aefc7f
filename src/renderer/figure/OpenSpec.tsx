import { useRef } from 'react'
import { figureSpecSchema, type FigureSpec } from '../../shared/figure.ts'
import { renamedVolumes } from '../../shared/figure-names.ts'
import type { Failure } from '../../shared/errors.ts'
import { failureOf } from '../api/failures.ts'
import { requestJson } from '../api/request.ts'
import { useVolumes } from '../stores/volumes.ts'
import { takeSpec } from './figureStore.ts'

/**
 * Takes a saved SPEC to be edited again. On the desktop the engine reads it, so that it may name files beside it; a browser does not tell where a
 * file lies, so there it has to name whole paths, as those saved here do.
 */
export function OpenSpec({ onFailure }: { onFailure(failure: Failure | null): void }) {
  const input = useRef<HTMLInputElement>(null)
  const open = async (file: File): Promise<void> => {
    try {
      const path = (await window.desktop?.grantDroppedFile(file)) ?? null
      const spec =
        path === null
          ? await readHere(file)
          : await requestJson(figureSpecSchema, '/api/figures/open', { body: { path } })
      takeSpec(ofOpenVolumes(spec))
      onFailure(null)
    } catch (error) {
      onFailure(error instanceof BadSpec ? error.failure : failureOf(error))
    }
  }
  return (
    <>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        Open a SPEC…
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        aria-label="Saved SPEC"
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void open(file)
        }}
      />
    </>
  )
}

class BadSpec extends Error {
  readonly failure: Failure

  constructor(name: string, why: string) {
    super(why)
    this.failure = {
      kind: 'input',
      code: 'figure-spec',
      message: `${name} can’t be opened: ${why}.`,
      hint: 'Choose a figure that was saved here with the format SPEC.'
    }
  }
}

async function readHere(file: File): Promise<FigureSpec> {
  let document: unknown
  try {
    document = JSON.parse(await file.text())
  } catch {
    throw new BadSpec(file.name, 'it is not JSON')
  }
  const spec = figureSpecSchema.safeParse(document)
  if (spec.success) return spec.data
  const [{ path, message }] = spec.error.issues
  throw new BadSpec(file.name, path.length > 0 ? `${path.join('.')}: ${message}` : 'it is not a figure SPEC')
}

/** Files that are open go by their ids: what is known of them need not be read again. */
function ofOpenVolumes(spec: FigureSpec): FigureSpec {
  const byPath = new Map(Object.values(useVolumes.getState().volumes).map(({ id, info }) => [info.path, id]))
  return renamedVolumes(spec, (name) => byPath.get(name) ?? name)
}
