import type { MrcHeader } from './header.ts'
import { recordCounts } from './record-counts.ts'
import { RecordReader, records } from './section-metadata.ts'
import type { SectionMetadata } from './section-metadata.ts'

/** Bytes of each kind of data SerialEM can store for a section, by the bit that announces it. */
const itemBytes = [2, 6, 4, 2, 2, 4, 2, 4, 2, 4, 2]

/** True when the count of bytes a section agrees with the flags of what they hold. */
export function isSerialEm(header: MrcHeader, little: boolean): boolean {
  const [bytes, flags] = recordCounts(header, little)
  if (bytes <= 0 || flags <= 0 || flags >= 1 << itemBytes.length) return false
  return itemBytes.reduce((sum, size, bit) => sum + ((flags & (1 << bit)) !== 0 ? size : 0), 0) === bytes
}

/** Records of SerialEM (SERI): short integers, in the order of the flags that announce them (IMOD's mrc_format.txt). */
export function decodeSerialEm(
  bytes: Uint8Array,
  header: MrcHeader,
  sections: number,
  little: boolean
): SectionMetadata[] {
  if (!isSerialEm(header, little)) return []
  const [recordBytes, flags] = recordCounts(header, little)
  return records(bytes, recordBytes, sections).map((record) => {
    const at = new RecordReader(record, little)
    const section: SectionMetadata = {}
    let offset = 0
    for (let bit = 0; bit < itemBytes.length; bit++) {
      if ((flags & (1 << bit)) === 0) continue
      readItem(bit, at, offset, section)
      offset += itemBytes[bit]
    }
    return section
  })
}

function readItem(bit: number, at: RecordReader, offset: number, section: SectionMetadata): void {
  if (bit === 0) section.tiltAngleDegrees = at.int16(offset) / 100
  else if (bit === 1) section.piece = { x: at.uint16(offset), y: at.uint16(offset + 2), z: at.int16(offset + 4) }
  else if (bit === 2) section.stageMicrometre = { x: at.int16(offset) / 25, y: at.int16(offset + 2) / 25 }
  else if (bit === 3) section.magnification = at.int16(offset) * 100
  else if (bit === 4) section.intensity = at.int16(offset) / 25000
  else if (bit === 5) {
    section.doseElectronsPerSquareAngstrom = floatOfShorts(at.int16(offset), at.int16(offset + 2))
  }
}

/** SerialEM's real number in two short integers: 16 bits of mantissa and an exponent of 2. */
function floatOfShorts(high: number, low: number): number {
  const mantissa = Math.abs(high) * 256 + (Math.abs(low) % 256)
  const exponent = Math.sign(low) * Math.floor(Math.abs(low) / 256)
  return Math.sign(high) * mantissa * 2 ** exponent
}
