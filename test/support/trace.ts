/** What an attachment can leave behind on the host's side: its state without the insides of the sandboxes. */
import type { Host } from './host.ts'
import { stateOf } from './state.ts'

export interface Trace {
  readonly links: readonly string[]
  readonly addresses: readonly string[]
  readonly routes: readonly string[]
  readonly rules: readonly string[]
  readonly files: readonly string[]
}

/** The kernel gives the uplink link-local addresses of its own accord, some time after it is up. */
const late = /^up[01] fe80:|^fe80:.* dev up[01]\b/

export async function trace(host: Host): Promise<Trace> {
  const { links = [], addresses = [], routes = [], rules = [], files = [] } = await stateOf(host)
  const steady = (lines: readonly string[]) => lines.filter(line => !late.test(line))
  return { links, addresses: steady(addresses), routes: steady(routes), rules, files }
}
