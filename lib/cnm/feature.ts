/** What an interface plugin does beside its links and addresses, where a configuration asks for it. */
import type { Description } from '../kernel/resource.ts'
import type { Asks, Attached, Facts, Needs } from './model.ts'

/** A feature that a configuration asks for. */
export interface Feature {
  readonly needs: Needs
  /** The endpoint must reach itself through its bridge port. */
  readonly hairpin: boolean
  /** What is done otherwise than the configuration says. */
  readonly notes: readonly string[]
  /** Whether it depends on the host's other firewalls. */
  readonly asksFirewall: boolean
  readonly reads: Pick<Asks, 'sysctls' | 'files'>
  describe(attached: Attached, facts: Facts): Description
}
