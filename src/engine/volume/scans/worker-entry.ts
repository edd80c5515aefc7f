import { parentPort } from 'node:worker_threads'
import { serveScans } from './serve-scans.ts'

/** The thread that scans volumes, so that slices and menus never wait for a scan. */
if (!parentPort) throw new Error('This file is the entry of a worker thread.')
serveScans(parentPort)
