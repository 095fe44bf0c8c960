/** States and policies as lines of `ip -batch`, and as `ip xfrm` lists them; see ip-xfrm(8). Pure. */
import { KernelError } from '../../../kernel/resource.ts'
import { token } from '../../../kernel/token.ts'
import type { Listed, Policy } from './plan.ts'
import type { State } from './seal.ts'

/** By which we know what is ours: no other program uses this number. */
const reqid = 0x666c

/** A key is not for a message, so it is not for `token` either. */
function keyWord(key: string): string {
  if (/^[\da-f]{72}$/.test(key)) return `0x${key}`
  throw new KernelError('a key of IPsec is none', 'other')
}

const ends = ({ src, dst }: Listed | Policy): string => `src ${token(src)} dst ${token(dst)}`

/** The line that makes a state: AES-256-GCM with an ICV of 128 bits, extended sequence numbers, and a window for them. */
export const addState = (state: State): string =>
  `xfrm state add ${ends(state)} proto esp spi ${token(state.spi)} reqid ${reqid} mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) ${keyWord(state.key)} 128`

export const deleteState = (state: Listed): string =>
  `xfrm state delete ${ends(state)} proto esp spi ${token(state.spi)}`

/** An address alone, as a subnet. */
const alone = (address: string): string => token(`${address}/${address.includes(':') ? 128 : 32}`)

const selector = ({ src, dst, port, direction }: Policy): string =>
  `src ${alone(src)} dst ${alone(dst)} proto udp dport ${port} dir ${direction}`

/** The line that makes a policy, in the place of one that stands. It comes before those that block. */
export function putPolicy(policy: Policy): string {
  const spi = policy.spi === undefined ? '' : ` spi ${token(policy.spi)}`
  return `xfrm policy update ${selector(policy)} priority 1000 tmpl ${ends(policy)} proto esp${spi} reqid ${reqid} mode transport level required`
}

export const deletePolicy = (policy: Policy): string => `xfrm policy delete ${selector(policy)}`

/** The states that are ours, of a list without keys. */
export function statesIn(text: string): Listed[] {
  const found = text.matchAll(/^src (\S+) dst (\S+)\s*\n\s+proto esp spi (0x[\da-f]+)(?:\(\d+\))? reqid (\d+)/gm)
  return [...found].flatMap(([, src = '', dst = '', spi = '', number]) =>
    Number(number) === reqid ? [{ src, dst, spi: `0x${spi.slice(2).padStart(8, '0')}` }] : [],
  )
}

const isDirection = (text: string): text is Policy['direction'] => text === 'in' || text === 'out'
const bare = (subnet: string): string => subnet.split('/')[0] ?? ''

/** The policies that are ours. */
export function policiesIn(text: string): Policy[] {
  const found = text.matchAll(
    /^src (\S+) dst (\S+) proto udp dport (\d+)\s*\n\s+dir (\w+) .*\n\s+tmpl src \S+ dst \S+\s*\n\s+proto esp(?: spi (0x[\da-f]+)(?:\(\d+\))?)? reqid (\d+)/gm,
  )
  return [...found].flatMap(([, src = '', dst = '', port, direction = '', spi, number]) => {
    if (Number(number) !== reqid || !isDirection(direction)) return []
    const by = spi === undefined ? {} : { spi: `0x${spi.slice(2).padStart(8, '0')}` }
    return [{ src: bare(src), dst: bare(dst), port: Number(port), direction, ...by }]
  })
}
