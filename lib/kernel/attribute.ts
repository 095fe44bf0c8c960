/** Attributes of links that somebody else made: as `ip link` sets them, and as a look at the link tells them. */
import type { Attribute } from './resource.ts'
import type { LinkState } from './snapshot.ts'
import { token } from './token.ts'

const onOff = (value: boolean): string => (value ? 'on' : 'off')

/** What the attribute is now, in the word that would set it. */
export function attributeOf(link: LinkState, name: Attribute['name']): string {
  switch (name) {
    case 'address':
      return link.mac
    case 'mtu':
      return String(link.mtu)
    case 'promisc':
      return onOff(link.promisc)
    case 'allmulticast':
      return onOff(link.allmulti)
    case 'txqueuelen':
      return String(link.txqlen)
  }
}

/** The line of a batch that gives the attribute a value. */
export const attributeLine = ({ dev, name }: Attribute, value: string): string =>
  `link set dev ${token(dev)} ${token(name)} ${token(value)}`
