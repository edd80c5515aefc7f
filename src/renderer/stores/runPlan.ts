import { create } from 'zustand'
import type { JobEstimate } from '../../shared/api.ts'
import type { Failure } from '../../shared/errors.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { Device, RequestedSettings, SettingKey } from '../../shared/settings.ts'

/** The run that the panel describes, before it is started. Settings left out come from the bundle, then automatically. */
interface RunPlanState {
  methods: readonly MethodId[]
  settings: RequestedSettings
  device: Device
  estimates: Readonly<Partial<Record<MethodId, JobEstimate>>>
  /** Why the engine would refuse this run, or did. */
  failure: Failure | null
  starting: boolean
}

export const useRunPlan = create<RunPlanState>()(() => ({
  methods: ['cryogen-1', 'cryowgen-2'],
  settings: {},
  device: 'auto',
  estimates: {},
  failure: null,
  starting: false
}))

export function toggleMethod(method: MethodId): void {
  useRunPlan.setState((state) => ({
    methods: state.methods.includes(method)
      ? state.methods.filter((other) => other !== method)
      : [...state.methods, method].sort()
  }))
}

/** Sets one setting; undefined leaves it to the bundle again. */
export function editSetting(key: SettingKey, value: unknown): void {
  useRunPlan.setState((state) => {
    const rest = Object.fromEntries(Object.entries(state.settings).filter(([other]) => other !== key))
    return { settings: value === undefined ? rest : { ...rest, [key]: value } }
  })
}
