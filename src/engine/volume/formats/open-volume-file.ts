import { open, stat } from 'node:fs/promises'
import { decodeEmHeader, openEmFile } from './em.ts'
import { openMrcFile } from './mrc.ts'
import { openTiffFile } from './tiff.ts'
import type { OpenFileOptions, VolumeFile, VolumeFormat } from './volume-file.ts'
import { openZarrFolder } from './zarr.ts'

const headBytes = 512

/**
 * What a file is, from its bytes and not its name: a folder is OME-Zarr, TIFF has its magic number, EM a header that fits the file's length
 * exactly. Everything else is left to the MRC reader, whose messages say what is wrong with it.
 */
export async function detectFormat(path: string): Promise<VolumeFormat> {
  try {
    const status = await stat(path)
    if (status.isDirectory()) return (await looksLikeZarr(path)) ? 'ome-zarr' : 'mrc'
    if (!status.isFile()) return 'mrc'
    const handle = await open(path, 'r')
    try {
      const head = new Uint8Array(headBytes)
      const { bytesRead } = await handle.read(head, 0, headBytes, 0)
      return formatOfBytes(path, head.subarray(0, bytesRead), status.size)
    } finally {
      await handle.close()
    }
  } catch {
    // Whatever can't be opened is reported by the reader that tries.
    return 'mrc'
  }
}

/** Opens a volume of any supported format. Errors as openMrcFile, openEmFile, openTiffFile and openZarrFolder. */
export async function openVolumeFile(path: string, options: OpenFileOptions = {}): Promise<VolumeFile> {
  const openers: Record<VolumeFormat, (path: string, options: OpenFileOptions) => Promise<VolumeFile>> = {
    mrc: openMrcFile,
    em: openEmFile,
    tiff: openTiffFile,
    'ome-zarr': openZarrFolder
  }
  return openers[await detectFormat(path)](path, options)
}

function formatOfBytes(path: string, head: Uint8Array, fileBytes: number): VolumeFormat {
  const [a, b, c, d] = head
  const little = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0
  const big = a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43)
  if (little || big) return 'tiff'
  if (decodeEmHeader(head, fileBytes)) return 'em'
  // A damaged file that calls itself EM gets the EM reader's message, unless it is MRC under that name.
  const mrcIdentifier = String.fromCharCode(...head.subarray(208, 211)) === 'MAP'
  return path.toLowerCase().endsWith('.em') && !mrcIdentifier ? 'em' : 'mrc'
}

/** Whether a folder is an OME-Zarr volume, by the files that only such a folder has. */
export async function looksLikeZarr(folder: string): Promise<boolean> {
  for (const name of ['zarr.json', '.zgroup', '.zattrs', '.zarray']) {
    try {
      if ((await stat(`${folder}/${name}`)).isFile()) return true
    } catch {
      continue
    }
  }
  return false
}
