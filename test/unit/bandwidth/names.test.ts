import { createHash } from 'node:crypto'
import t from 'tap'
import { referenceName } from '../../../plugins/bandwidth/inherited.ts'
import { detourName } from '../../../plugins/bandwidth/names.ts'

t.test('the name of the reference is the one that its ADD was seen to give', async t => {
  t.equal(referenceName('rf1net', 'rf1ctr'), 'bwpc28ecf176638')
  const hash = createHash('sha512').update('netzwérkc1').digest('hex')
  t.equal(referenceName('netzwérk', 'c1'), `bwp${hash.slice(0, 12)}`)
})

t.test('names differ by container, interface and direction, and fit a link', async t => {
  const whose = ['c1', 'c2'].flatMap(containerId => ['eth0', 'eth1'].map(ifName => ({ containerId, ifName })))
  const names = whose.flatMap(each => [detourName(each, 'ingress'), detourName(each, 'egress')])
  t.equal(new Set(names).size, 8)
  for (const name of names) t.match(name, /^bwp[0-9a-f]{12}$/)
})
