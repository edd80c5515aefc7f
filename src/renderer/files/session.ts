import type { ApiEvent, Job } from '../../shared/jobs.ts'
import { listenToEngine } from '../api/events.ts'
import { failureOf } from '../api/failures.ts'
import { getSession, getVolume, listBundles, listJobs, listVolumes } from '../api/routes.ts'
import { bundleFailed, putBundles } from '../stores/bundles.ts'
import { putJob, useJobs } from '../stores/jobs.ts'
import { sayNotice } from '../stores/messages.ts'
import { useSession } from '../stores/session.ts'
import { putScan } from '../stores/scans.ts'
import { putPyramid, showVolume, useVolumes } from '../stores/volumes.ts'
import { noticeResult } from '../panes/arrange.ts'
import { adoptVolume, forgetRun, openPaths, refreshVolume } from './openFiles.ts'

/** Connects the window to the engine: what is open there, what was asked for at the start, what happens from now on. */
export async function startSession(): Promise<void> {
  try {
    const info = await getSession()
    useSession.setState({ info, failure: null })
    const open = await listVolumes()
    for (const volume of open) await adoptVolume(volume)
    const first = open.find(({ region }) => region === null)
    if (first) showVolume(first.id)
    await openPaths(info.initialFiles)
  } catch (error) {
    useSession.setState({ failure: failureOf(error) })
    return
  }
  window.desktop?.onOpenFiles((paths) => void openPaths(paths))
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

async function receiveJob(job: Job): Promise<void> {
  const before = useJobs.getState().jobs[job.id]
  putJob(job)
  const { volumes } = useVolumes.getState()
  const fresh = job.volumes.filter((id) => !volumes[id])
  for (const id of fresh) {
    try {
      await adoptVolume(await getVolume(id))
    } catch {
      // Replaced by the finished map meanwhile; the next event names that one.
    }
  }
  if (before?.state !== job.state && job.run) job.volumes.forEach(refreshVolume)
  // Members come one after the other; the panes are arranged for the maps that they belong to.
  if (fresh.some((id) => useVolumes.getState().volumes[id]?.role !== 'member')) noticeResult(job)
}
