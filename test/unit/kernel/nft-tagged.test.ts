import t from 'tap'
import { taggedScript } from '../../../lib/kernel/nft-tagged.ts'
import type { NftTagged } from '../../../lib/kernel/resource.ts'

const listing = `table ip cni_hostport { # handle 3
	comment "CNI portmap plugin"
	chain hostports { # handle 1
		tcp dport 8080 dnat to 10.88.0.2:80 comment "c1" # handle 8
		tcp dport 8081 dnat to 10.89.0.2:80 comment "c1" # handle 9
		tcp dport 8082 dnat to 10.88.0.3:80 comment "c10" # handle 10
	}

	chain masquerading { # handle 4
		type nat hook postrouting priority srcnat; policy accept;
		ip saddr 127.0.0.1 ip daddr 10.88.0.2 masquerade comment "c1" # handle 12
	}
}
`
const tagged: NftTagged = {
  kind: 'nft-tagged',
  lifetime: 'own',
  netns: null,
  family: 'ip',
  table: 'cni_hostport',
  comment: 'c1',
  match: 'whole',
}
const script = (change: Partial<NftTagged>) => taggedScript(listing, { ...tagged, ...change })
const rule = (chain: string, handle: number) => `delete rule ip cni_hostport ${chain} handle ${handle}\n`

t.test('rules are found by their comment, in the chain that they are in', async t => {
  t.equal(script({}), rule('hostports', 8) + rule('hostports', 9) + rule('masquerading', 12))
  const numbers = script({ match: 'start' }).match(/\d+$/gm)
  t.same(numbers, ['8', '9', '10', '12'])
  t.equal(script({ comment: 'c2' }), '')
})

t.test('of them only those that hold a text', async t => {
  t.equal(script({ holding: ['10.88.0.2'] }), rule('hostports', 8) + rule('masquerading', 12))
})
