import { parentPort, workerData } from 'node:worker_threads'

/**
 * The thread that scans volumes, so that slices and menus never wait for a scan; or, with `workerData.serves` 'reads', the thread that reads
 * slices. Each loads only what it needs.
 */
if (!parentPort) throw new Error('This file is the entry of a worker thread.')
const { serves } = workerData as { serves?: 'scans' | 'reads' }
if (serves === 'reads') {
  const { serveReads } = await import('../reading/serve-reads.ts')
  serveReads(parentPort)
} else {
  const { serveScans } = await import('./serve-scans.ts')
  serveScans(parentPort)
}
