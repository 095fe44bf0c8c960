import t from 'tap'
import { stateOf } from '../../../../../lib/agent/overlay/esp/seal.ts'

const [one, two] = ['192.0.2.1', '192.0.2.2'].map((address, index) => ({ address, nonce: `${index}`.repeat(32) })) as [
  { address: string; nonce: string },
  { address: string; nonce: string },
]
const epochs = { keys: { 1: '00'.repeat(32), 2: '11'.repeat(32) } }

t.test('a state follows from the secret, both hosts and the epoch, and is the same wherever it is made', async t => {
  const state = stateOf(epochs, 1, one, two)
  t.match(state, { src: '192.0.2.1', dst: '192.0.2.2', spi: /^0x[\da-f]{8}$/, key: /^[\da-f]{72}$/ })
  t.same(stateOf({ keys: { 1: '00'.repeat(32) } }, 1, { ...one }, { ...two }), state)
  t.ok(Number(state.spi) >= 256, 'its SPI is none of those that are reserved')
})

t.test('it is HKDF-SHA256, as another program computes it', async t => {
  // By Python: hmac.digest over the salt, then the info with 01 and 02 behind.
  t.same(stateOf(epochs, 1, one, two), {
    src: '192.0.2.1',
    dst: '192.0.2.2',
    spi: '0x290b7c31',
    key: '037f9892fa82a08a06bd9ed76ae21773a8a8aa04e88503eda16fa6076a46a4e431afd829',
  })
})

t.test('whatever differs, the key and the SPI do', async t => {
  const others = [
    stateOf(epochs, 1, one, two),
    stateOf(epochs, 1, two, one),
    stateOf(epochs, 2, one, two),
    stateOf(epochs, 1, { ...one, nonce: 'a'.repeat(32) }, two),
    stateOf(epochs, 1, one, { ...two, nonce: 'a'.repeat(32) }),
    stateOf(epochs, 1, { ...one, address: '192.0.2.3' }, two),
    stateOf({ keys: { 1: '22'.repeat(32) } }, 1, one, two),
  ]
  t.equal(new Set(others.map(({ key }) => key)).size, others.length)
  t.equal(new Set(others.map(({ spi }) => spi)).size, others.length)
})

t.test('without a secret there is no key', async t => {
  t.throws(() => stateOf(epochs, 3, one, two), { message: /no key of epoch 3/ })
})
