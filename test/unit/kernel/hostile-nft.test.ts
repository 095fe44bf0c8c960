import t from 'tap'
import { masquerade } from '../../../lib/kernel/masquerade.ts'
import { elementScript, fullScript, removeScript } from '../../../lib/kernel/nft-script.ts'
import { publish } from '../../../lib/kernel/publish.ts'
import { publishChains } from '../../../lib/kernel/publish-chains.ts'
import type { Nft } from '../../../lib/kernel/resource.ts'
import { spoofCheck } from '../../../lib/kernel/spoof.ts'
import { vet } from '../../../lib/kernel/vetting.ts'
import { ends, keepsShape, texts, words } from '../../support/hostile.ts'

const guard = { port: 'veth1', mac: '02:00:00:00:00:01', label: 'net1-c1' }
const address = { address: '10.9.0.2', network: '10.9.0.0', mask: '255.255.255.0', label: 'net1-c1' }
const guarded = ({ port, mac, label }: typeof guard) => spoofCheck(port, mac, label)
const masqueraded = ({ label, ...each }: typeof address) => masquerade({ family: 4, prefix: 24, ...each }, label)

const admission = (word: string) => ({ conditions: { v4: [word], v6: [] }, vetted: true, suffix: '-1' })

const elements = [...guarded(guard), ...masqueraded(address)].filter(nft => nft.object === 'element')
/** Several words by nature: what these must not do is end what they stand in. */
const compound = elements.flatMap(({ key, data }) => [key, data ?? ''])
const fixed = ['nft', 'element', 'own']
const scripts = { makes: elementScript, 'makes what it stands on and': fullScript, removes: removeScript }

for (const [what, script] of Object.entries(scripts)) {
  t.test(`no text of an element adds a word to the script that ${what} it`, async t => {
    for (const element of elements) keepsShape<Nft>(t, element, each => script([each]), words, [...fixed, ...compound])
  })

  t.test(`no key and no data of an element ends a statement of the script that ${what} it`, async t => {
    for (const element of elements) {
      const others = texts(element).filter(each => !compound.includes(each))
      keepsShape<Nft>(t, element, each => script([each]), ends, others)
    }
  })
}

t.test('no port, MAC or label adds a word to a spoof filter', async t => {
  keepsShape(t, guard, each => fullScript(guarded(each)), words)
})

const port = { address: '10.9.0.2', hostIp: '192.0.2.1', label: 'net1-c1' }
const placed = (at: string) => ({ ...address, family: 4, prefix: 24, address: at }) as const
const published = (hostIp: string) => [{ protocol: 'tcp', hostIp, first: 80, last: 80, to: 80 }] as const
const publication = ({ address: at, hostIp, label }: typeof port) =>
  publish(
    placed(at),
    published(hostIp),
    { snat: true, masqAll: false, conditions: { v4: [], v6: [] }, vetted: false, suffix: '' },
    label,
  )

t.test('no address, host address or label adds a word to published ports', async t => {
  keepsShape(t, port, each => fullScript(publication(each)), words)
})

t.test('no address, host address or label adds a word to what has the host asked about published ports', async t => {
  const guarding = ({ address, hostIp, label }: typeof port) =>
    vet(placed(address), published(hostIp), admission('accept'), label)
  keepsShape(t, port, each => fullScript(guarding(each)), words)
})

t.test('no condition ends the rule that it stands in', async t => {
  const all = (condition: string) =>
    [publishChains(admission(condition)), vet(placed('10.9.0.2'), [], admission(condition), '')].flat()
  keepsShape(t, { condition: 'accept' }, ({ condition }) => fullScript(all(condition)), ends)
})

t.test('no address or label adds a word to masquerading', async t => {
  keepsShape(t, address, each => fullScript(masqueraded(each)), words)
})
