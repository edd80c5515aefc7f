import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { isAlive } from '../../posterior/staging.ts'

/** The process that writes a folder, such that no other one is ever taken for it. */
export const ownerSchema = z.object({
  host: z.string(),
  pid: z.number().int(),
  /** The process that supervises it. */
  parent: z.number().int(),
  /** When the process began, as the system counts; null where it does not tell. Numbers of processes are used again. */
  began: z.string().nullable()
})
export type Owner = z.infer<typeof ownerSchema>

export function thisProcess(): Owner {
  return { host: hostname(), pid: process.pid, parent: process.ppid, began: beginningOf(process.pid) }
}

/** Whether the owner still runs. On another host that can't be seen from here, and it counts as ended. */
export function isRunning({ host, pid, began }: Owner): boolean {
  return host === hostname() && isAlive(pid) && (began === null || beginningOf(pid) === began)
}

/** Whether whoever started the owner is still there; an owner that was left alone is about to end. */
export function isSupervised(owner: Owner): boolean {
  return isRunning(owner) && parentOf(owner.pid) === owner.parent && isAlive(owner.parent)
}

/** Linux: boot and clock ticks since then. */
function beginningOf(pid: number): string | null {
  const fields = statOf(pid)
  if (!fields) return null
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
}

function parentOf(pid: number): number | null {
  const fields = statOf(pid)
  if (!fields) return isAlive(pid) ? -1 : null
  return Number(fields[1])
}

/** Fields of /proc/PID/stat behind the program's name, which may hold blanks; null on other systems, or for a process that has ended. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; its parent has only not looked yet.
    return fields[0] === 'Z' ? null : fields
  } catch {
    return null
  }
}
