import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a scripted reconstruction does; lies beside bundle.json. */
export interface Script {
  steps: number
  /** Each step holds its thread for this long, as a network run does. */
  blockMilliseconds: number
  /** Ignores the cancel signal. */
  deaf: boolean
  /** The process kills itself in this step; 0 = never. */
  dieAtStep: number
  /** Keeps its state after each step. A process that goes on from a state doesn't kill itself. */
  keepsState: boolean
}

const scriptFile = 'script.json'

/** Writes a valid bundle without networks, and a script for it, into a subfolder of `folder`. Returns its path. */
export function writeScriptedBundle(folder: string, script: Partial<Script> = {}): string {
  const whole: Script = { steps: 3, blockMilliseconds: 0, deaf: false, dieAtStep: 0, keepsState: false, ...script }
  const text = JSON.stringify(whole)
  const path = join(folder, `bundle-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, scriptFile), text)
  writeFileSync(join(path, 'bundle.json'), JSON.stringify(manifest))
  return path
}

export function readScript(bundlePath: string): Script {
  return JSON.parse(readFileSync(join(bundlePath, scriptFile), 'utf8')) as Script
}

const manifest = {
  formatVersion: 1,
  name: 'scripted',
  version: '1.0.0',
  license: 'none',
  description: 'for tests',
  training: { method: 'other', data: 'none', date: 'never' },
  voxelSizeAngstrom: null,
  contrast: 'light-on-dark',
  normalization: { kind: 'zscore', scope: 'tomogram' },
  patch: { size: [8, 8, 8] },
  latent: 'volume',
  wedge: { tiltAxis: 'x', beamAxis: 'z', tiltRange: [-50, 40] },
  methods: { 'cryogen-1': {}, 'cryowgen-2': {} },
  files: {}
}
