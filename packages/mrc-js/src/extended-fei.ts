import { RecordReader, records } from './section-metadata.ts'
import type { SectionMetadata } from './section-metadata.ts'

/** Bytes up to and with the applied defocus, the last field read here; FEI1 records have 768, FEI2 888. */
const leastRecordBytes = 244
const largestRecordBytes = 64 * 1024

/**
 * Records of Thermo Fisher (FEI1, FEI2) headers: fixed places, and bit n of the first mask says whether field n is valid. SI units.
 * Layout: "MRC2014 file image format specification for Thermo Fisher Scientific", as mrcfile's dtypes also give it.
 */
export function decodeFei(bytes: Uint8Array, sections: number, little: boolean): SectionMetadata[] {
  if (bytes.length < leastRecordBytes) return []
  const recordBytes = new RecordReader(bytes, little).int32(0)
  if (recordBytes < leastRecordBytes || recordBytes > largestRecordBytes) return []
  return records(bytes, recordBytes, sections).map((record) => {
    const at = new RecordReader(record, little)
    // The specification keeps the masks little-endian in files of either order.
    const mask = new RecordReader(record, true).uint32(8)
    const field = (bit: number, offset: number): number | undefined => {
      const value = at.float64(offset)
      return (mask & (1 << bit)) !== 0 && Number.isFinite(value) ? value : undefined
    }
    const scaled = (bit: number, offset: number, factor: number): number | undefined => {
      const value = field(bit, offset)
      return value === undefined ? undefined : value * factor
    }
    const pixelX = scaled(14, 156, 1e10)
    const pixelY = scaled(15, 164, 1e10)
    const stageX = scaled(9, 116, 1e6)
    const stageY = scaled(10, 124, 1e6)
    return withoutAbsent({
      accelerationVolts: field(5, 84),
      doseElectronsPerSquareAngstrom: scaled(6, 92, 1e-20),
      tiltAngleDegrees: field(7, 100),
      secondTiltAngleDegrees: field(8, 108),
      stageMicrometre:
        stageX === undefined || stageY === undefined
          ? undefined
          : withoutAbsent({ x: stageX, y: stageY, z: scaled(11, 132, 1e6) }),
      tiltAxisAngleDegrees: field(12, 140),
      pixelSizeAngstrom: pixelX === undefined ? undefined : { x: pixelX, y: pixelY ?? pixelX },
      defocusMicrometre: scaled(22, 220, 1e6)
    })
  })
}

/** Drops the fields that are undefined, so that an absent value is an absent key. */
export function withoutAbsent<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
