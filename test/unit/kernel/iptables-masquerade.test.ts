import t from 'tap'
import { masqueradeByIptables } from '../../../lib/kernel/iptables-masquerade.ts'
import { masqueradeChain, publishChain } from '../../../lib/kernel/iptables-names.ts'
import { removeLines, restoreText } from '../../../lib/kernel/iptables-text.ts'
import { fresh } from '../../support/rules.ts'

const attachment = { network: 'net1', containerId: 'ctr1' }
const v4 = { family: 4, address: '10.88.0.2', network: '10.88.0.0', prefix: 16, mask: '255.255.0.0' } as const
const v6 = { family: 6, address: 'fd00:88::2', network: 'fd00:88::', prefix: 64, mask: 'ffff::' } as const

t.test('chains have the names that the reference gives them', async t => {
  t.equal(masqueradeChain({ network: 'rf1net', containerId: 'rf1ctr' }), 'CNI-c28ecf1766381ed45361fe42')
  t.equal(publishChain({ network: 'rf1net', containerId: 'rf1ctr' }), 'CNI-DN-c28ecf1766381ed45361f')
  t.equal(publishChain({ network: 'alternate', containerId: 'three' }), 'CNI-DN-bbff05c1771bf6e03690e')
})

t.test('rules are those of the reference', async t => {
  const chain = 'CNI-85373d34c6846b6c53ee2e7f'
  const comment = '-m comment --comment "name: \\"net1\\" id: \\"ctr1\\""'
  const wanted = `*nat
-N ${chain}
-A ${chain} -d 10.88.0.0/16 ${comment} -j ACCEPT
-A ${chain} ! -d 224.0.0.0/4 ${comment} -j MASQUERADE
-A POSTROUTING -s 10.88.0.2/32 ${comment} -j ${chain}
COMMIT
`
  const rules = masqueradeByIptables(attachment, [v4, v6])
  t.equal(fresh(rules.filter(({ family }) => family === 4)), wanted)
  const six = wanted.replace('10.88.0.0/16', 'fd00:88::/64').replace('224.0.0.0/4', 'ff00::/8')
  t.equal(fresh(rules.filter(({ family }) => family === 6)), six.replace('10.88.0.2/32', 'fd00:88::2/128'))
})

t.test('whatever is an own subnet comes before the masquerade', async t => {
  const other = { ...v4, address: '10.99.0.2', network: '10.99.0.0' }
  const text = fresh(masqueradeByIptables(attachment, [v4, other, { ...v4, address: '10.88.0.3' }]))
  t.match(text, /-d 10\.88[^\n]*ACCEPT\n[^\n]*-d 10\.99[^\n]*ACCEPT\n[^\n]*MASQUERADE\n/)
  t.equal(text.match(/ACCEPT/g)?.length, 2, 'each subnet once')
  t.equal(text.match(/POSTROUTING/g)?.length, 3, 'each address once')
})

t.test('without addresses there is nothing', async t => t.same(masqueradeByIptables(attachment, []), []))

t.test('the chain goes in the transaction that takes the way to it', async t => {
  const lines = removeLines(masqueradeByIptables(attachment, [v4])).map(({ text }) =>
    text.split(' ').slice(0, 2).join(' '),
  )
  t.same(lines, ['-D POSTROUTING', '-F CNI-85373d34c6846b6c53ee2e7f', '-X CNI-85373d34c6846b6c53ee2e7f'])
  t.match(restoreText(removeLines(masqueradeByIptables(attachment, [v4]))).text, /^\*nat\n[\s\S]*\nCOMMIT\n$/)
})
