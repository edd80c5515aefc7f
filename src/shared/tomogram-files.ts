/** What files of tomograms are called; whatever the name, the bytes decide what a file is. */
export const tomogramExtensions = ['mrc', 'rec', 'map', 'mrcs', 'st', 'ali', 'em', 'tif', 'tiff'] as const
/** After one of those, or alone. */
export const compressedExtensions = ['gz', 'bz2'] as const

const name = new RegExp(`\\.(${tomogramExtensions.join('|')})(\\.(${compressedExtensions.join('|')}))?$`, 'i')

export function isTomogramName(fileName: string): boolean {
  return name.test(fileName)
}
