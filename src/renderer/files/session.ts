import type { ApiEvent } from '../../shared/jobs.ts'
import { listenToEngine } from '../api/events.ts'
import { failureOf } from '../api/failures.ts'
import { getSession, listBundles, listJobs, listVolumes } from '../api/routes.ts'
import { bundleFailed, putBundles } from '../stores/bundles.ts'
import { useJobs } from '../stores/jobs.ts'
import { sayNotice } from '../stores/messages.ts'
import { useSession } from '../stores/session.ts'
import { putScan } from '../stores/scans.ts'
import { putPyramid, showVolume, useVolumes } from '../stores/volumes.ts'
import { prepareSlicePainter } from '../slices/slicePainter.ts'
import { startFromSession } from '../session/startSession.ts'
import { openAny } from './openAny.ts'
import { adoptVolume, forgetRun, refreshVolume } from './openFiles.ts'
import { receiveJob } from './receiveJob.ts'

/** Connects the window to the engine: what is open there, what was asked for at the start, what happens from now on. */
export async function startSession(): Promise<void> {
  try {
    const [info, open] = await Promise.all([getSession(), listVolumes()])
    useSession.setState({ info, failure: null })
    for (const volume of open) await adoptVolume(volume)
    const first = open.find(({ region }) => region === null)
    if (first) showVolume(first.id)
    const started = startFromSession(info.initialFiles, open.length > 0)
    // While the engine opens them.
    if (open.length > 0 || info.initialFiles.length > 0) prepareSlicePainter()
    await started
  } catch (error) {
    useSession.setState({ failure: failureOf(error) })
    return
  }
  window.desktop?.onOpenFiles((paths) => void openAny(paths))
  listenToEngine({
    onEvent: handle,
    onOpen: () => void catchUp(),
    onLost: () => useJobs.setState({ connected: false })
  })
  try {
    putBundles(await listBundles())
  } catch (error) {
    bundleFailed(failureOf(error))
  }
}

async function catchUp(): Promise<void> {
  useJobs.setState({ connected: true })
  try {
    for (const job of await listJobs()) await receiveJob(job)
  } catch {
    // The stream reconnects by itself and calls this again.
    useJobs.setState({ connected: false })
  }
}

function handle(event: ApiEvent): void {
  switch (event.type) {
    case 'job':
      void receiveJob(event.job)
      break
    case 'volume': {
      const known = useVolumes.getState().volumes[event.volumeId]
      if (!known || known.revision < event.revision) refreshVolume(event.volumeId)
      break
    }
    case 'pyramid':
      putPyramid(event.volumeId, event.pyramid)
      break
    case 'scan':
      putScan(event.volumeId, event.task, event.fraction)
      break
    case 'run-deleted':
      forgetRun(event.jobId)
      break
    case 'log':
      if (event.level !== 'info') sayNotice(event.message)
      break
  }
}
