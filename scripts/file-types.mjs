import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Makes a Linux desktop open tomograms and sessions with this copy of the program: `node scripts/file-types.mjs install`, and `remove` to
 * take it back. Only for whoever runs it; nothing of the system is touched. Packaged programs tell their system by themselves
 * (`build.fileAssociations` in package.json).
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @param {string} data the person's data folder, ~/.local/share */
function placesIn(data) {
  return {
    entry: join(data, 'applications', 'wedgeview.desktop'),
    types: join(data, 'mime', 'packages', 'wedgeview.xml'),
    icon: join(data, 'icons', 'hicolor', 'scalable', 'apps', 'wedgeview.svg')
  }
}

/** A desktop entry's way to write an argument. @param {string} argument */
function quoted(argument) {
  return `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`
}

/** @param {string} data */
export function install(data) {
  const { entry, types, icon } = placesIn(data)
  for (const path of [entry, types, icon]) mkdirSync(dirname(path), { recursive: true })
  const command = [process.execPath, join(root, 'bin', 'wedgeview.mjs')].map(quoted).join(' ')
  const described = readFileSync(join(root, 'resources', 'desktop', 'wedgeview.desktop'), 'utf8')
  // A function: what stands in a path must not be taken for a pattern's groups.
  writeFileSync(
    entry,
    described.replace(/^Exec=wedgeview /m, () => `Exec=${command} `)
  )
  copyFileSync(join(root, 'resources', 'desktop', 'wedgeview-mime.xml'), types)
  copyFileSync(join(root, 'src', 'renderer', 'icon.svg'), icon)
  return refresh(data)
}

/** @param {string} data */
export function remove(data) {
  for (const path of Object.values(placesIn(data))) rmSync(path, { force: true })
  return refresh(data)
}

/**
 * Has the desktop read the changes. Returns the tools that are missing, without which it reads them when it feels like it.
 * @param {string} data
 */
function refresh(data) {
  /** @type {string[]} */
  const missing = []
  for (const [tool, folder] of [
    ['update-mime-database', join(data, 'mime')],
    ['update-desktop-database', join(data, 'applications')]
  ])
    try {
      mkdirSync(folder, { recursive: true })
      execFileSync(tool, [folder], { stdio: 'ignore' })
    } catch {
      missing.push(tool)
    }
  return missing
}

const isRun = process.argv[1] === fileURLToPath(import.meta.url)
if (isRun) {
  const data = process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
  const work = { install, remove }[process.argv[2] ?? '']
  if (!work || process.platform !== 'linux') {
    console.error(
      process.platform === 'linux'
        ? 'Usage: node scripts/file-types.mjs install | remove'
        : 'Only a Linux desktop is told this way; on other systems choose Wedgeview in "Open with".'
    )
    process.exitCode = 2
  } else {
    const missing = work(data)
    console.log(work === install ? 'Tomograms and sessions open with Wedgeview.' : 'Removed.')
    if (missing.length > 0) console.log(`Log in again to see it (${missing.join(', ')} not found).`)
  }
}
