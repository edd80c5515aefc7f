import type { MrcHeader } from './header.ts'
import { recordCounts } from './record-counts.ts'
import { RecordReader, records } from './section-metadata.ts'
import type { SectionMetadata } from './section-metadata.ts'

const feiRecordBytes = 128

/**
 * Records of the older extended header of Agard and Koster: integers, then float32 reals, of which the first is the tilt angle. With 32 reals
 * it is the layout that FEI's microscopes wrote: 1024 records of 128 bytes, lengths in metres.
 */
export function decodeAgard(
  bytes: Uint8Array,
  header: MrcHeader,
  sections: number,
  little: boolean
): SectionMetadata[] {
  const [integers, reals] = recordCounts(header, little)
  const described = integers >= 0 && reals > 0
  const recordBytes = described ? (integers + reals) * 4 : feiRecordBytes
  if (!described && bytes.length < feiRecordBytes) return []
  return records(bytes, recordBytes, sections).map((record) => {
    const at = new RecordReader(record, little)
    const real = (i: number): number => at.float32(4 * ((described ? integers : 0) + i))
    const section: SectionMetadata = { tiltAngleDegrees: real(0) }
    if (recordBytes !== feiRecordBytes || (described && integers > 0)) return section
    section.secondTiltAngleDegrees = real(1)
    section.stageMicrometre = { x: real(2) * 1e6, y: real(3) * 1e6, z: real(4) * 1e6 }
    section.defocusMicrometre = real(7) * 1e6
    section.exposureSeconds = real(8)
    section.tiltAxisAngleDegrees = real(10)
    if (real(11) > 0) section.pixelSizeAngstrom = { x: real(11) * 1e10, y: real(11) * 1e10 }
    section.magnification = real(12)
    section.accelerationVolts = real(13)
    return section
  })
}
