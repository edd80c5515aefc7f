import type { BundleSummary } from '../../shared/bundles.ts'
import type { MethodId } from '../../shared/methods.ts'
import { requestedSettingsSchema, type SettingDeclaration, type SettingKey } from '../../shared/settings.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { formatForField } from '../numbers/format.ts'
import { explanations } from '../uncertainty/explanations.ts'
import { editSetting, useRunPlan } from '../stores/runPlan.ts'

interface SettingFieldProps {
  setting: SettingDeclaration & { key: SettingKey }
  bundle: BundleSummary | null
  /** The methods that will run. */
  methods: readonly MethodId[]
}

/** A setting's control, made from its declaration; while empty it shows what will be used. */
export function SettingField({ setting, bundle, methods }: SettingFieldProps) {
  const value = useRunPlan((state) => state.settings[setting.key])
  const fallback = defaultOf(setting.key, bundle, methods)
  const label = setting.symbol ? `${setting.label} ${setting.symbol}` : setting.label
  const help = tip(
    setting.key === 'gamma' ? explanations.temperature : `${setting.help}${setting.unit ? ` In ${setting.unit}.` : ''}`
  )
  const { control } = setting

  if (control.kind === 'number')
    return (
      <NumberField
        className="setting"
        label={label}
        labelled
        value={typeof value === 'number' ? value : null}
        placeholder={typeof fallback === 'number' ? formatForField(fallback) : 'auto'}
        emptyAllowed
        integer={control.integer}
        min={control.min}
        max={control.max}
        format={formatForField}
        onCommit={(typed) => editSetting(setting.key, typed ?? undefined)}
        tipAttributes={help}
      />
    )
  const options = control.kind === 'switch' ? ['on', 'off'] : control.options
  const text = (of: unknown): string => (of === true ? 'on' : of === false ? 'off' : typeof of === 'string' ? of : '')
  return (
    <label className="setting select-field" {...help}>
      <span className="field-label">{label}</span>
      <select
        value={text(value)}
        onChange={(event) => {
          const chosen = event.target.value
          const parsed = control.kind === 'switch' ? chosen === 'on' : chosen
          editSetting(setting.key, chosen === '' ? undefined : parsed)
        }}
      >
        <option value="">{text(fallback) || 'auto'}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The bundle's value where all chosen methods that have one agree. */
function defaultOf(key: SettingKey, bundle: BundleSummary | null, chosen: readonly MethodId[]): unknown {
  const values = (bundle?.methods ?? [])
    .filter(({ method }) => chosen.includes(method))
    .map(({ defaults }) => requestedSettingsSchema.parse(defaults)[key])
    .filter((value) => value !== undefined)
  return new Set(values).size === 1 ? values[0] : undefined
}
