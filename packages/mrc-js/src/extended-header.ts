import { decodeAgard } from './extended-agard.ts'
import { decodeFei } from './extended-fei.ts'
import { decodeSerialEm, isSerialEm } from './extended-serialem.ts'
import type { Interpretation } from './interpret.ts'
import { recordCounts } from './record-counts.ts'
import type { SectionMetadata } from './section-metadata.ts'

export interface ExtendedHeaderContent {
  /** One entry a section, as far as the header goes. */
  sections: SectionMetadata[]
  symmetryOperators: string[]
}

type Described = Pick<Interpretation, 'header' | 'byteOrder' | 'sections' | 'extendedBytes'>

const symmetryLineBytes = 80

/**
 * The kind of an extended header. Files from before 2014 don't name it: SerialEM's is known by counts and flags that agree with each other,
 * the University of California's (AGAR) by its record of reals, symmetry by its lines of 80 characters. '' is no or unknown content.
 */
export function extendedHeaderType({ header, byteOrder, extendedBytes, sections }: Described): string {
  const named = header.exttyp.split('\0', 1)[0].trim()
  if (named !== '' || extendedBytes === 0) return named
  if (isSerialEm(header, byteOrder === 'little')) return 'SERI'
  const [integers, reals] = recordCounts(header, byteOrder === 'little')
  if (integers + reals > 0 && integers >= 0 && reals > 0 && (integers + reals) * 4 * sections <= extendedBytes)
    return 'AGAR'
  return ''
}

/** Reads what is known of an extended header. Unknown content, or content that contradicts itself, gives empty lists. */
export function decodeExtendedHeader(bytes: Uint8Array, file: Described): ExtendedHeaderContent {
  const type = extendedHeaderType(file)
  const little = file.byteOrder === 'little'
  const nothing = { sections: [], symmetryOperators: [] }
  switch (type) {
    case 'FEI1':
    case 'FEI2':
      return { ...nothing, sections: decodeFei(bytes, file.sections, little) }
    case 'SERI':
      return { ...nothing, sections: decodeSerialEm(bytes, file.header, file.sections, little) }
    case 'AGAR':
      return { ...nothing, sections: decodeAgard(bytes, file.header, file.sections, little) }
    case 'CCP4':
    case '':
      return { ...nothing, symmetryOperators: symmetryLines(bytes, type === '') }
    default:
      return nothing
  }
}

function symmetryLines(bytes: Uint8Array, unnamed: boolean): string[] {
  if (bytes.length % symmetryLineBytes !== 0 && unnamed) return []
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += symmetryLineBytes) {
    const line = String.fromCharCode(...bytes.subarray(at, at + symmetryLineBytes))
      .split('\0', 1)[0]
      .trim()
    // An untyped header is taken for symmetry only when every line reads like an operator.
    if (unnamed && !/^[XYZxyz0-9+\-/*, .]*$/.test(line)) return []
    if (line !== '') lines.push(line)
  }
  return lines
}
