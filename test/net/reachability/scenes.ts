/** The table of who reaches whom. */
import type { Holder, Keys } from '../../support/policy.ts'

/** From whom to whom. Containers a and b are on the first network, c is on the second. */
export const paths = ['a b', 'a c', 'c a', 'host a', 'outside a', 'a host', 'a outside'] as const

/** `direct`: at the address of who is called. `published`: at a port of the host that leads there. */
export type Way = 'direct' | 'published'
export const ways: readonly Way[] = ['direct', 'published']

export interface Scene {
  readonly first: Keys
  readonly second: Keys
  /** One sign for each path: `y` is reached, `-` is not, a blank is not asked. */
  readonly direct: string
  readonly published: string
  readonly holders?: readonly Holder[]
}

const both = (keys: Keys): Pick<Scene, 'first' | 'second'> => ({ first: keys, second: keys })
const chained: Pick<Scene, 'holders'> = { holders: ['firewall'] }

/* Columns:                                                                  ab ac ca ha oa ah ao */
/** Who reaches whom, by the policies of the two networks. */
export const scenes: Readonly<Record<string, Scene>> = {
  'no policy': { ...both({}), direct: 'yyyyyyy', published: 'yyyyy  ' },
  open: { ...both({ isolation: 'open' }), direct: 'yyyyyyy', published: 'yyyyy  ' },
  'same-network': { ...both({ isolation: 'same-network' }), direct: 'y--yyyy', published: 'yyyyy  ' },
  'same-network beside an open network': {
    first: { isolation: 'same-network' },
    second: {},
    direct: 'yyyyyyy',
    published: 'yyyyy  ',
  },
  isolated: { ...both({ isolation: 'isolated' }), direct: '---yyyy', published: '-yyyy  ' },
  'isolated beside same-network': {
    first: { isolation: 'isolated' },
    second: { isolation: 'same-network' },
    direct: '---yyyy',
    published: '-yyyy  ',
  },
  internal: { ...both({ isolation: 'internal' }), direct: 'y--y-y-', published: ' --y-  ' },
  'internal beside an open network': {
    first: { isolation: 'internal' },
    second: {},
    direct: 'y--y-y-',
    published: ' --y-  ',
  },
  'hostAccess none': { ...both({ hostAccess: 'none' }), direct: 'yyyyy-y', published: 'yyyyy  ' },
  'hostAccess dns': { ...both({ hostAccess: 'dns' }), direct: 'yyyyy-y', published: 'yyyyy  ' },
  'isolated from the host too': {
    ...both({ isolation: 'isolated', hostAccess: 'none' }),
    direct: '---yy-y',
    published: '-yyyy  ',
  },
  'internal, without the host': {
    ...both({ isolation: 'internal', hostAccess: 'none' }),
    direct: 'y--y---',
    published: ' --y-  ',
  },
  'ingressPolicy same-bridge': {
    ...both({ ingressPolicy: 'same-bridge' }),
    direct: 'y--yyyy',
    published: 'y--yy  ',
    ...chained,
  },
  'ingressPolicy isolated': {
    ...both({ ingressPolicy: 'isolated' }),
    direct: '---yyyy',
    published: '---yy  ',
    ...chained,
  },
}
