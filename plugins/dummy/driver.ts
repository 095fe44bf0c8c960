/** dummy: an interface that takes whatever is sent, and passes on nothing. Pure: it says what should be. */
import { addressed, resultOf } from '../../lib/cnm/addressed.ts'
import type { Driver } from '../../lib/cnm/model.ts'
import type { Link } from '../../lib/kernel/resource.ts'
import { type Options, readOptions } from './options.ts'

/** What the kernel gives it too. */
const usualMtu = 1500

/** The driver. */
export const dummy: Driver<Options> = {
  type: 'dummy',
  options: readOptions,
  mac: ({ mac }) => mac,
  asks: () => [],
  needs: () => ({ tools: ['ip', 'nsenter', 'tee'], modules: ['dummy'] }),
  links({ mtu }, { netns, ifName: name, mac }, { ipv6 }) {
    const base = { kind: 'link', lifetime: 'own', type: 'dummy', up: true } as const
    const link: Link = { ...base, netns, name, mac, ...(mtu === 0 ? {} : { mtu }), quiet: ipv6 }
    return { resources: [link], effects: [] }
  },
  // It is alone on its wire: nobody else can have its addresses, or hear of them.
  addressing: (options, endpoint, _facts, leased) => addressed(options, endpoint, leased, 'none'),
  result(options, { ifName: name, mac, netns: sandbox }, _facts, leased) {
    return resultOf({ name, mac, mtu: options.mtu || usualMtu, sandbox }, options, leased)
  },
}
