/** The key `sysctl` of a plugin that makes interfaces: sysctls alone, for what else tuning sets has keys there already. */
import type { ChainedDriver } from '../../lib/cnm/model.ts'
import { asksOf, settingsOf } from './settings.ts'
import { type Sysctl, sysctlsIn } from './sysctl.ts'

/** What goes with the interface needs no value of before; there is none either. */
const outlives = ({ key }: Sysctl, ifName: string): boolean => !key.split('/').includes(ifName)

/** The driver; its configuration is the plugin's. */
export const sysctls: ChainedDriver<readonly Sysctl[]> = {
  type: 'sysctl',
  options: request => ({ value: sysctlsIn(request), unknown: [] }),
  acts: wanted => wanted.length > 0,
  needs: () => ({ tools: ['nsenter', 'tee', 'head'], modules: [] }),
  asks: (wanted, { ifName }) => ({
    host: [],
    sandbox: [],
    ...asksOf(wanted, true),
    sysctls: wanted.filter(each => outlives(each, ifName)).map(({ key }) => key),
  }),
  describe: (wanted, { netns }, seen) => ({ resources: settingsOf(wanted, netns, seen), effects: [] }),
  result: (_, { previous }) => previous,
}
