import { methodIds, methods, type MethodId } from '../../shared/methods.ts'
import { deviceSchema, settingDeclarations, type SettingDeclaration, type SettingKey } from '../../shared/settings.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { CommandButton } from '../commands/CommandButton.tsx'
import { Icon } from '../controls/Icon.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { saveResampled } from '../files/saveFile.ts'
import { selectBundle, chosenBundle, useBundles } from '../stores/bundles.ts'
import { toggleMethod, useRunPlan } from '../stores/runPlan.ts'
import { bundleNotes } from './bundleNotes.ts'
import { SettingField } from './SettingField.tsx'
import { chosenMethods } from './startRuns.ts'

const mainSettings: ReadonlySet<SettingKey> = new Set(['gamma', 'steps', 'chains', 'candidates', 'seed'])

/** What to run, on what, with which settings; how long it will take, before it starts. */
export function RunPanel({ tomogram }: { tomogram: OpenVolume }) {
  const bundles = useBundles()
  const plan = useRunPlan()
  const bundle = chosenBundle(bundles)
  const chosen = chosenMethods(plan.methods, bundle)
  const relevant = settingDeclarations.filter((setting: SettingDeclaration) =>
    setting.methods.some((method) => chosen.includes(method))
  )

  function worksWith(method: MethodId) {
    return bundle?.methods.find((entry) => entry.method === method)
  }

  return (
    <Section title="Run">
      <div className="row">
        <select
          className="grow"
          aria-label="Bundle"
          value={bundle?.path ?? ''}
          onChange={(event) => selectBundle(event.target.value)}
          {...tip(bundle ? bundle.description : 'Networks and their settings')}
        >
          {bundles.bundles.length === 0 && <option value="">no bundle</option>}
          {bundles.bundles.map(({ path, name, version }) => (
            <option key={path} value={path}>
              {name} {version}
            </option>
          ))}
        </select>
        <CommandButton id="open-bundle" icon="folder" />
      </div>
      {bundles.failure && (
        <p className="run-failure" role="alert">
          <strong>{bundles.failure.message}</strong> {bundles.failure.hint}
        </p>
      )}
      {bundle &&
        bundleNotes(bundle, tomogram).map(({ message, resampleTo }) => (
          <div key={message}>
            <p className="run-warning">
              <Icon name="warning" /> {message}
            </p>
            {resampleTo !== null && (
              <button
                type="button"
                className="button"
                onClick={() => void saveResampled(tomogram, resampleTo)}
                {...tip('A copy on the grid that the networks know, to be opened and run in place of this one')}
              >
                Save a copy at {resampleTo} Å …
              </button>
            )}
          </div>
        ))}
      <div className="methods" role="group" aria-label="Methods">
        {methodIds.map((method) => {
          const entry = worksWith(method)
          const works = entry?.works ?? false
          return (
            <button
              key={method}
              type="button"
              className="button method"
              aria-pressed={plan.methods.includes(method) && works}
              aria-disabled={!works}
              onClick={() => works && toggleMethod(method)}
              {...tip(works ? methods[method].summary : (entry?.reason ?? 'Choose a bundle first.'))}
            >
              {methods[method].name}
            </button>
          )
        })}
      </div>
      <div className="settings">
        {relevant
          .filter(({ key }) => mainSettings.has(key))
          .map((setting) => (
            <SettingField key={setting.key} setting={setting} bundle={bundle} methods={chosen} />
          ))}
      </div>
      <details className="advanced">
        <summary>All settings</summary>
        <div className="settings">
          {relevant
            .filter(({ key }) => !mainSettings.has(key))
            .map((setting) => (
              <SettingField key={setting.key} setting={setting} bundle={bundle} methods={chosen} />
            ))}
          <label
            className="setting select-field"
            {...tip('Where the networks run; auto takes the fastest that works.')}
          >
            <span className="field-label">Device</span>
            <select
              value={plan.device}
              onChange={(event) => useRunPlan.setState({ device: deviceSchema.parse(event.target.value) })}
            >
              {deviceSchema.options.map((device) => (
                <option key={device}>{device}</option>
              ))}
            </select>
          </label>
        </div>
      </details>
      {plan.failure && (
        <p className="run-failure" role="alert">
          <strong>{plan.failure.message}</strong> {plan.failure.hint}
        </p>
      )}
    </Section>
  )
}
