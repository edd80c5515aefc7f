import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorText, MrcError, systemCode } from './error.ts'

/** A file being written. Positions are absolute; a write is complete when its promise resolves. */
export interface OutputHandle {
  write(bytes: Uint8Array, position: number): Promise<void>
  read(target: Uint8Array, position: number): Promise<number>
  sync(): Promise<void>
  close(): Promise<void>
}

/** What writing needs of a file system. The default is node:fs; tests and other stores give their own. */
export interface OutputFileSystem {
  create(path: string): Promise<OutputHandle>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  syncFolder(path: string): Promise<void>
  isFolder(path: string): Promise<boolean>
}

export const nodeFileSystem: OutputFileSystem = {
  async create(path) {
    const handle = await open(path, 'wx+')
    return {
      async write(bytes, position) {
        let done = 0
        while (done < bytes.length) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
          done += bytesWritten
        }
      },
      read: async (target, position) => (await handle.read(target, 0, target.length, position)).bytesRead,
      sync: () => handle.sync(),
      close: () => handle.close()
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncFolder(path) {
    // Windows can't open a folder; its rename is durable without.
    if (process.platform === 'win32') return
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  async isFolder(path) {
    try {
      return (await stat(path)).isDirectory()
    } catch {
      return false
    }
  }
}

let counter = 0

/** A name beside `path` that no other writer of this process uses. */
export function partialPath(path: string): string {
  counter += 1
  return `${path}.partial-${process.pid}-${counter}`
}

/**
 * A file that appears under its name only when it is complete: written beside, synced, renamed, folder synced. Any failure removes what
 * was written and throws an MrcError (disk-full, write-failed, is-directory).
 */
export class OutputFile {
  readonly path: string
  readonly partial: string
  private readonly fileSystem: OutputFileSystem
  private readonly handle: OutputHandle
  private state: 'open' | 'done' | 'removed' = 'open'

  private constructor(path: string, partial: string, fileSystem: OutputFileSystem, handle: OutputHandle) {
    this.path = path
    this.partial = partial
    this.fileSystem = fileSystem
    this.handle = handle
  }

  static async create(path: string, fileSystem: OutputFileSystem): Promise<OutputFile> {
    if (await fileSystem.isFolder(path)) {
      throw new MrcError('is-directory', `${path} is a folder.`, 'Give the name of a file to write.')
    }
    const partial = partialPath(path)
    try {
      return new OutputFile(path, partial, fileSystem, await fileSystem.create(partial))
    } catch (error) {
      throw writeError(path, error)
    }
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    this.requireOpen()
    await this.guard(() => this.handle.write(bytes, position))
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    this.requireOpen()
    return this.guard(() => this.handle.read(target, position))
  }

  /** Makes the file appear under its name. */
  async publish(): Promise<void> {
    this.requireOpen()
    await this.guard(async () => {
      await this.handle.sync()
      await this.handle.close()
      await this.fileSystem.rename(this.partial, this.path)
    })
    this.state = 'done'
    // The file is complete and in place; a folder that can't be synced (some network shares) does not undo that.
    await this.fileSystem.syncFolder(dirname(this.path)).catch(() => {})
  }

  /** Removes the unfinished file. Does nothing after publish or a failure. */
  async discard(): Promise<void> {
    if (this.state !== 'open') return
    this.state = 'removed'
    await this.handle.close().catch(() => {})
    await this.fileSystem.remove(this.partial).catch(() => {})
  }

  private async guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      await this.discard()
      throw writeError(this.path, error)
    }
  }

  /** Throws MrcError closed after publish, discard or a failure. */
  requireOpen(): void {
    if (this.state === 'open') return
    throw new MrcError('closed', `${this.path} is no longer being written.`, 'Create it again.')
  }
}

function writeError(path: string, error: unknown): MrcError {
  if (error instanceof MrcError) return error
  const code = systemCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new MrcError(
      'disk-full',
      `There is no space left to write ${path}. Nothing was left behind.`,
      'Free some space, or choose another disk or a smaller data type.',
      { cause: error }
    )
  }
  const hint =
    code === 'ENOENT'
      ? 'Create the folder first.'
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'Choose a folder that you may write to.'
        : 'Check that the disk or network share is connected and try again.'
  return new MrcError('write-failed', `${path} can't be written: ${errorText(error)}. Nothing was left behind.`, hint, {
    cause: error
  })
}
