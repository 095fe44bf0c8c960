import t from 'tap'
import type { Observed } from '../../../../lib/cli/probe/observe.ts'
import { verdictOf } from '../../../../lib/cli/probe/verdict.ts'

const parties = { network: 'net1', here: 'A', peer: 'B', port: 4787 }
const full = { small: 'arrives', fullThere: 'arrives', fullBack: 'arrives' } as const
const pieces = { small: 'silent', cut: 'arrives' } as const

const cases: readonly (readonly [string, Omit<Observed, 'mtu'>, RegExp])[] = [
  ['small ones of this host', { ...pieces, cutThere: 'arrives', cutBack: 'silent' }, /^What A sends .* on A,/],
  ['small ones of the other', { ...pieces, cutThere: 'silent', cutBack: 'arrives' }, /^What B sends .* on B,/],
  ['of both', { ...pieces, cutThere: 'silent', cutBack: 'silent' }, /^What A and B send .* on A and on B,/],
  ['neither after all', { ...pieces, cutThere: 'arrives', cutBack: 'arrives' }, /lost now and then/],
  ['large ones alone', { ...full, fullThere: 'silent', cutThere: 'arrives', mostThere: 900 }, /^What A sends .*large/],
  [
    'too large',
    { ...full, fullThere: 'silent', cutThere: 'silent', mostThere: 900 },
    /A to B no more than 900 .*"mtu": 900/,
  ],
  [
    'too large both ways',
    { ...full, fullThere: 'silent', mostThere: 900, fullBack: 'silent', mostBack: 800 },
    /A to B no more than 900, from B to A no more than 800 bytes .*"mtu": 800/,
  ],
  ['segments of this host', { ...full, tcp: 'stalls there' }, /^What A sends .*by TCP/],
  ['segments of the other', { ...full, tcp: 'stalls back' }, /^What B sends .*by TCP/],
  ['no TCP at all', { ...full, tcp: 'silent' }, /firewalls/],
  ['changed there', { small: 'changed there' }, /^What A sends arrives changed/],
  ['changed back by TCP', { ...full, tcp: 'changed back' }, /^What B sends arrives changed/],
  ['nobody listens', { small: 'refused' }, /Run on it: fairlead overlay probe --listen --network net1/],
  ['pings alone', { small: 'silent', cut: 'silent', pings: true }, /answers pings, but neither UDP nor TCP/],
  ['nothing', { small: 'silent', cut: 'silent', pings: false }, /not reached, not even by ping/],
]

for (const [name, observed, text] of cases)
  t.test(name, async t => t.match(verdictOf(parties, { mtu: 1450, ...observed }), { isWell: false, text }))

t.test('all is well', async t => {
  t.match(verdictOf(parties, { mtu: 1450, ...full, tcp: 'arrives' }), {
    isWell: true,
    text: /leave checksum offload on/,
  })
})
