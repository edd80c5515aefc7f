/**
 * Variables for the process that runs networks. glibc gives large blocks back to the system as soon as they are free, and
 * every step then pays for their pages again: a tenth to a quarter of a step on volumes of 64^3 and more. Kept, and in huge pages
 * where the system offers them, they cost some 8 % more memory at the peak. Other systems' allocators ignore all this.
 */
export function memoryEnvironment(platform: NodeJS.Platform = process.platform): Readonly<Record<string, string>> {
  if (platform !== 'linux') return {}
  return {
    MALLOC_MMAP_THRESHOLD_: '4294967296',
    MALLOC_TRIM_THRESHOLD_: '8589934592',
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1'
  }
}
