/** What an extended header says about one section. A field is absent where the header does not have it. */
export interface SectionMetadata {
  tiltAngleDegrees?: number
  /** Tilt about the other axis of a double-tilt holder. */
  secondTiltAngleDegrees?: number
  /** Angle of the tilt axis in the image. */
  tiltAxisAngleDegrees?: number
  pixelSizeAngstrom?: { x: number; y: number }
  stageMicrometre?: { x: number; y: number; z?: number }
  defocusMicrometre?: number
  magnification?: number
  /** Condenser setting, as the microscope gives it. */
  intensity?: number
  /** Electrons per square angstrom. */
  doseElectronsPerSquareAngstrom?: number
  exposureSeconds?: number
  accelerationVolts?: number
  /** Position of a montage piece in pixels. */
  piece?: { x: number; y: number; z: number }
}

/** Reads numbers at fixed places of one section's record. */
export class RecordReader {
  private readonly view: DataView
  private readonly little: boolean

  constructor(bytes: Uint8Array, little: boolean) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.little = little
  }

  get length(): number {
    return this.view.byteLength
  }

  int16(offset: number): number {
    return this.view.getInt16(offset, this.little)
  }

  uint16(offset: number): number {
    return this.view.getUint16(offset, this.little)
  }

  int32(offset: number): number {
    return this.view.getInt32(offset, this.little)
  }

  uint32(offset: number): number {
    return this.view.getUint32(offset, this.little)
  }

  float32(offset: number): number {
    return this.view.getFloat32(offset, this.little)
  }

  float64(offset: number): number {
    return this.view.getFloat64(offset, this.little)
  }
}

/** Splits an extended header into as many whole records as it has and the file has sections. */
export function records(bytes: Uint8Array, recordBytes: number, sections: number): Uint8Array[] {
  const count = Math.min(sections, Math.floor(bytes.length / recordBytes))
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * recordBytes, (i + 1) * recordBytes))
}
