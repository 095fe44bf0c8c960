import t from 'tap'
import { masquerade } from '../../../lib/kernel/masquerade.ts'
import { elementScript, fullScript, removeScript } from '../../../lib/kernel/nft-script.ts'
import type { Nft } from '../../../lib/kernel/resource.ts'
import { spoofCheck } from '../../../lib/kernel/spoof.ts'
import { ends, keepsShape, texts, words } from '../../support/hostile.ts'

const guard = { port: 'veth1', mac: '02:00:00:00:00:01', label: 'net1-c1' }
const address = { address: '10.9.0.2', network: '10.9.0.0', mask: '255.255.255.0', label: 'net1-c1' }
const guarded = ({ port, mac, label }: typeof guard) => spoofCheck(port, mac, label)
const masqueraded = ({ label, ...each }: typeof address) => masquerade({ family: 4, prefix: 24, ...each }, label)

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

t.test('no address or label adds a word to masquerading', async t => {
  keepsShape(t, address, each => fullScript(masqueraded(each)), words)
})
