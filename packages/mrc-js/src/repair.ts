import { MrcError } from './error.ts'

/** Stable names of what a reader had to assume or put right. */
export type RepairCode =
  | 'map-string'
  | 'machine-stamp'
  | 'byte-order'
  | 'version'
  | 'axis-order'
  | 'grid-sampling'
  | 'cell-unknown'
  | 'cell-incomplete'
  | 'cell-angles'
  | 'origin'
  | 'start'
  | 'extended-header-length'
  | 'extended-header-type'
  | 'unsigned-bytes'
  | 'signed-bytes'
  | 'four-bit-bytes'
  | 'volume-stack'
  | 'label-count'
  | 'statistics'
  | 'trailing-bytes'
  | 'truncated'
  | 'damaged-compression'

/**
 * One thing in the header that was put right or assumed, as data.
 * severity 'repair': the file breaks the standard (strict mode refuses it); 'note': legal, but a reader should know.
 */
export interface Repair {
  readonly code: RepairCode
  readonly message: string
  readonly severity: 'note' | 'repair'
}

/** Collects what was repaired while a header is interpreted. */
export class RepairLog {
  readonly entries: Repair[] = []

  repair(code: RepairCode, message: string): void {
    this.entries.push({ code, message, severity: 'repair' })
  }

  note(code: RepairCode, message: string): void {
    this.entries.push({ code, message, severity: 'note' })
  }
}

/** Strict mode: throws when the header breaks the standard anywhere, naming every place. */
export function refuseRepairs(name: string, repairs: readonly Repair[]): void {
  const broken = repairs.filter((entry) => entry.severity === 'repair')
  if (broken.length === 0) return
  throw new MrcError(
    'strict',
    `${name} does not follow the MRC2014 standard: ${broken.map((entry) => entry.message).join(' ')}`,
    'Open it without strict mode; the values in brackets are then used instead.',
    { details: { codes: broken.map((entry) => entry.code).join(',') } }
  )
}
