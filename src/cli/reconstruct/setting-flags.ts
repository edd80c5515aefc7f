import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { methods, type MethodId } from '../../shared/methods.ts'
import {
  requestedSettingsSchema,
  settingDeclarations,
  type RequestedSettings,
  type SettingDeclaration
} from '../../shared/settings.ts'

/** Every setting's flag, from the one declaration that drives the window's controls too. */
export function addSettingFlags(command: Command): void {
  for (const declaration of settingDeclarations) for (const option of optionsOf(declaration)) command.addOption(option)
}

/** The settings among the parsed options; commander names each by its flag in camel case, which is the setting's key. */
export function settingsFrom(options: Record<string, unknown>): RequestedSettings {
  const given = settingDeclarations.flatMap(({ key }) => (options[key] === undefined ? [] : [[key, options[key]]]))
  return requestedSettingsSchema.parse(Object.fromEntries(given))
}

/** Flags among the given ones that none of the methods reads, for a note to the user. */
export function unreadFlags(settings: RequestedSettings, asked: readonly MethodId[]): string[] {
  const given = new Set(Object.keys(settings))
  return settingDeclarations
    .filter(({ key }) => given.has(key))
    .filter(({ methods: readers }: SettingDeclaration) => !readers.some((method) => asked.includes(method)))
    .map(({ flag }) => flag)
}

function optionsOf(declaration: SettingDeclaration): Option[] {
  const { flag, control } = declaration
  const description = describe(declaration)
  switch (control.kind) {
    case 'switch':
      // Without it a bundle's own `true` could not be turned off.
      return [
        new Option(flag, description).default(undefined),
        new Option(flag.replace('--', '--no-'), `without ${flag}`).default(undefined)
      ]
    case 'choice':
      return [new Option(`${flag} <NAME>`, description).choices(control.options)]
    case 'number':
      return [new Option(`${flag} <N>`, description).argParser((text) => settingNumber(declaration, text))]
  }
}

function settingNumber({ key }: SettingDeclaration, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const parsed = requestedSettingsSchema.safeParse({ [key]: value })
  if (parsed.success) return value
  throw new InvalidArgumentError(Number.isFinite(value) ? parsed.error.issues[0].message : 'It must be a number.')
}

function describe({ help, symbol, unit, methods: readers }: SettingDeclaration): string {
  const detail = [symbol, unit].filter((part) => part !== undefined).join(', ')
  const names = readers.length === Object.keys(methods).length ? '' : ` (${readers.join(', ')})`
  return `${detail ? `${detail}: ` : ''}${help}${names}`
}
