import type { ChosenSetting, RequestedSettings } from '../../../shared/settings.ts'

/** More chains than this give no better picture sooner: they go through the networks one batch after the other. */
export const mostStarts = 8

/** Effective draws that a continued run aims at: enough to see a family, few enough to wait for. */
const wantedEss = 60

interface Before {
  /** As used by the run that is gone on from. */
  settings: RequestedSettings
  gamma: number
}

/**
 * Settings of a run that goes on from another's chains: that run's, at the new temperature, with a chain from each of the starts. Its chains
 * begin near the new posterior (deviations are scaled by the root of the temperatures' ratio, which is exact for a Gaussian without a
 * tether), so that a short burn-in is enough; where there are no starts the schedule is that run's.
 */
export function continuedSettings(
  { settings: before, gamma: gammaBefore }: Before,
  asked: RequestedSettings,
  starts: number
): { settings: RequestedSettings; chosen: ChosenSetting[] } {
  const chosen: ChosenSetting[] = []
  const choose = <T>(setting: string, value: T, reason: string): T => {
    chosen.push({ setting, value, reason })
    return value
  }
  const gamma = asked.gamma ?? gammaBefore
  // How the region is cut depends on the region, which may be another one.
  const settings: RequestedSettings = { ...before, tile: undefined, ...asked, gamma }
  if (asked.step === undefined && before.step !== undefined && (before.preconditioner ?? 'none') === 'none') {
    // Forces go with 1 / gamma, the tether's do not.
    const factor = (before.beta ?? 0) > 0 ? Math.min(1, gamma / gammaBefore) : gamma / gammaBefore
    if (factor !== 1)
      settings.step = choose('step', factor * before.step, 'that of the run gone on from, as the temperature goes')
  }
  if (starts === 0) return { settings, chosen }
  const rate = settings.preconditioner === 'fourier' ? Math.min(1, settings.step ?? 0.1) : null
  if (asked.chains === undefined) settings.chains = choose('chains', starts, 'one from each start')
  const chains = settings.chains ?? starts
  if (asked.burnIn === undefined)
    settings.burnIn =
      rate === null
        ? choose('burnIn', Math.ceil((before.burnIn ?? 0) / 4), 'a quarter of that of the run gone on from')
        : choose('burnIn', Math.ceil(Math.log(20) / rate), 'until a twentieth of the start is left')
  const { burnIn = 0 } = settings
  if (asked.steps === undefined) {
    const drawn = (before.steps ?? 0) - (before.burnIn ?? 0)
    settings.steps =
      rate === null
        ? choose('steps', burnIn + Math.ceil(drawn / 4), 'a quarter of the draws of the run gone on from')
        : choose(
            'steps',
            Math.min(before.steps ?? Infinity, burnIn + Math.ceil((wantedEss / chains) * ((2 - rate) / rate))),
            `an effective sample size of about ${wantedEss} over all chains, and no more than that run took`
          )
  }
  if (asked.members === undefined)
    settings.members = choose('members', Math.min(before.members ?? chains, chains), 'one of each chain at most')
  return { settings, chosen }
}
