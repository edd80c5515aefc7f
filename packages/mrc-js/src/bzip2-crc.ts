const polynomial = 0x04c11db7

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ polynomial : crc << 1
  return crc >>> 0
})

/** The checksum of bzip2: CRC-32 with the most significant bit first. */
export function bzip2Crc(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ table[(crc >>> 24) ^ bytes[i]]
  return ~crc >>> 0
}
