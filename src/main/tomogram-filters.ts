import { sessionExtension } from '../shared/session/session-file.ts'
import { compressedExtensions, tomogramExtensions } from '../shared/tomogram-files.ts'

/** What a native dialog offers: everything that opens in the window. */
export const tomogramFilters = [
  { name: 'Tomograms', extensions: [...tomogramExtensions, ...compressedExtensions] },
  { name: 'All files', extensions: ['*'] }
]

export const openFilters = [
  {
    name: 'Tomograms and sessions',
    extensions: [...tomogramExtensions, ...compressedExtensions, sessionExtension]
  },
  ...tomogramFilters
]
