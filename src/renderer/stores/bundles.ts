import { create } from 'zustand'
import type { BundleSummary } from '../../shared/bundles.ts'
import type { Failure } from '../../shared/errors.ts'

interface BundlesState {
  bundles: readonly BundleSummary[]
  chosen: string | null
  failure: Failure | null
}

export const useBundles = create<BundlesState>()(() => ({ bundles: [], chosen: null, failure: null }))

export function putBundles(bundles: readonly BundleSummary[]): void {
  useBundles.setState((state) => ({ bundles, chosen: state.chosen ?? bundles[0]?.path ?? null }))
}

/** Adds a bundle that was opened, and chooses it. */
export function putBundle(bundle: BundleSummary): void {
  useBundles.setState((state) => ({
    bundles: [...state.bundles.filter(({ path }) => path !== bundle.path), bundle],
    chosen: bundle.path,
    failure: null
  }))
}

export function selectBundle(path: string): void {
  useBundles.setState({ chosen: path, failure: null })
}

export function bundleFailed(failure: Failure | null): void {
  useBundles.setState({ failure })
}

export function chosenBundle(state: BundlesState): BundleSummary | null {
  return state.bundles.find(({ path }) => path === state.chosen) ?? null
}
