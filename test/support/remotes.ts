/** A segment's tunnel and what it is told of one other host. */
import type { Remotes } from '../../lib/kernel/resource.ts'

export const remotes: Remotes = {
  kind: 'remotes',
  lifetime: 'counted',
  netns: null,
  dev: 'flv7',
  vni: 7,
  port: 4789,
  on: 'flb7',
  mac: '02:42:0a:c8:01:00',
  remotes: [
    {
      vtep: '192.0.2.2',
      rows: [{ count: 2, mac: ['02:42:0a:c8:02:', 9], v4: ['10.200.2.', 9], v6: ['fd20::2:', 9] }],
      routes: [],
    },
  ],
}
