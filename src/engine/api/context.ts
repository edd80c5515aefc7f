import type { Bundles } from './bundles.ts'
import type { DerivedVolumes } from './derived-volumes.ts'
import type { EventStream } from './event-stream.ts'
import type { Families } from './families.ts'
import type { ApiOptions } from './options.ts'
import type { PathAccess } from './path-access.ts'
import type { Reconstructions } from './reconstructions.ts'
import type { Sessions } from './sessions.ts'
import type { VolumeRegistry } from './volume-registry.ts'

/** What every route works on. */
export interface ApiContext {
  readonly options: ApiOptions
  readonly access: PathAccess
  readonly events: EventStream
  readonly volumes: VolumeRegistry
  readonly bundles: Bundles
  readonly reconstructions: Reconstructions
  readonly families: Families
  readonly derived: DerivedVolumes
  readonly sessions: Sessions
}
