// Headers of int16 volumes, as short as the viewers let them be.

export function mrcHeader(size) {
  const header = Buffer.alloc(1024)
  const words = [size.x, size.y, size.z, 1, 0, 0, 0, size.x, size.y, size.z]
  words.forEach((word, i) => header.writeInt32LE(word, 4 * i))
  ;[10 * size.x, 10 * size.y, 10 * size.z, 90, 90, 90].forEach((value, i) => header.writeFloatLE(value, 40 + 4 * i))
  ;[1, 2, 3].forEach((axis, i) => header.writeInt32LE(axis, 64 + 4 * i))
  header.writeInt32LE(1, 88)
  header.writeInt32LE(20141, 108)
  header.write('MAP ', 208, 'latin1')
  header.set([0x44, 0x44], 212)
  return header
}

/** NIfTI-1, for viewers that don't read MRC. */
export function niftiHeader(size) {
  const header = Buffer.alloc(352)
  header.writeInt32LE(348, 0)
  ;[3, size.x, size.y, size.z, 1, 1, 1, 1].forEach((value, i) => header.writeInt16LE(value, 40 + 2 * i))
  header.writeInt16LE(4, 70)
  header.writeInt16LE(16, 72)
  ;[1, 1, 1, 1].forEach((value, i) => header.writeFloatLE(value, 76 + 4 * i))
  header.writeFloatLE(352, 108)
  header.writeFloatLE(1, 112)
  header.writeInt16LE(1, 254)
  for (const at of [280, 300, 320]) header.writeFloatLE(1, at)
  header.write('n+1\0', 344, 'latin1')
  return header
}
