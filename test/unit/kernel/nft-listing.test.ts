import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { absentNft } from '../../../lib/kernel/nft-listing.ts'
import type { Nft } from '../../../lib/kernel/resource.ts'
import { tools } from '../../../lib/kernel/tool.ts'

const base = { kind: 'nft', lifetime: 'own', netns: null, family: 'inet' } as const
const element = (set: string, key: string, data?: string): Nft => ({
  ...base,
  object: 'element',
  set,
  key,
  ...(data === undefined ? {} : { data }),
})

const text = `table inet fairlead {
	map m {
		type ipv4_addr : verdict
	}

	set s {
		type ipv4_addr
		flags interval
	}

	chain c {
		type filter hook forward priority filter; policy accept;
		ip saddr @s drop
	}

	chain empty {
	}
}
`
const json = JSON.stringify({
  nftables: [
    { metainfo: { version: '1.0.6' } },
    {
      map: {
        name: 'm',
        elem: [
          [{ elem: { val: '10.0.0.1', comment: 'x' } }, { goto: { target: 'c' } }],
          ['10.0.0.2', { accept: null }],
          [{ concat: ['tcp', 80] }, { concat: ['10.0.0.9', 8080] }],
          [{ concat: ['udp', 53] }, 255],
        ],
      },
    },
    {
      set: {
        name: 's',
        elem: ['v0', { concat: [{ prefix: { addr: '10.0.0.0', len: 8 } }, 'v1'] }, { range: ['1.1.1.1', '1.1.1.3'] }],
      },
    },
  ],
})

const standing: readonly Nft[] = [
  { ...base, object: 'map', name: 'm', type: 'ipv4_addr : verdict' },
  { ...base, object: 'set', name: 's', type: 'ipv4_addr' },
  { ...base, object: 'chain', name: 'empty', rules: [] },
  {
    ...base,
    object: 'chain',
    name: 'c',
    hook: 'type filter hook forward priority filter; policy accept;',
    rules: ['ip saddr @s drop'],
  },
  element('m', '10.0.0.1', 'goto c'),
  element('m', '10.0.0.2', 'accept'),
  element('m', 'tcp . 80', '10.0.0.9 . 8080'),
  element('m', 'udp . 53', '0x000000ff'),
  element('s', '"v0"'),
  element('s', '10.0.0.0/8 . "v1"'),
  element('s', '1.1.1.1-1.1.1.3'),
]
const lost: readonly Nft[] = [
  { ...base, object: 'set', name: 'm', type: 'ipv4_addr' },
  { ...base, object: 'chain', name: 'gone', rules: [] },
  { ...base, object: 'chain', name: 'empty', rules: ['drop'] },
  { ...base, family: 'bridge', object: 'chain', name: 'empty', rules: [] },
  element('m', '10.0.0.1', 'goto d'),
  element('m', '10.0.0.3', 'accept'),
  element('s', '"v1"'),
  { ...element('s', '"v0"'), family: 'bridge' },
]

t.test('a look at a whole table tells what stands in it', async t => {
  const run = ({ argv }: { argv: readonly string[] }) => {
    if (argv.includes('bridge')) return { code: 1, stderr: 'Error: No such file or directory\n' }
    return { stdout: argv.includes('-j') ? json : text }
  }
  const host = fakeHost({ run })
  const absent = await absentNft(tools(host, ''), [...standing, ...lost])
  t.same(
    absent.map(({ resource }) => resource),
    lost,
  )
  t.equal(host.heard.length, 4, 'two processes for each table')
})
