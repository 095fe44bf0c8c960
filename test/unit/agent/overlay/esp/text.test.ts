import t from 'tap'
import {
  addState,
  deletePolicy,
  deleteState,
  policiesIn,
  putPolicy,
  statesIn,
} from '../../../../../lib/agent/overlay/esp/text.ts'

const state = { src: '192.0.2.1', dst: '192.0.2.2', spi: '0x00001234', key: 'ab'.repeat(36) }

t.test('lines of a batch', async t => {
  t.equal(
    addState(state),
    `xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x00001234 reqid 26220 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0x${state.key} 128`,
  )
  t.equal(deleteState(state), 'xfrm state delete src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x00001234')
  const out = { src: '192.0.2.1', dst: '192.0.2.2', port: 4790, direction: 'out', spi: '0x00001234' } as const
  t.equal(
    putPolicy(out),
    'xfrm policy update src 192.0.2.1/32 dst 192.0.2.2/32 proto udp dport 4790 dir out priority 1000 tmpl src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x00001234 reqid 26220 mode transport level required',
  )
  const back = { src: '2001:db8::2', dst: '2001:db8::1', port: 4791, direction: 'in' } as const
  t.equal(
    putPolicy(back),
    'xfrm policy update src 2001:db8::2/128 dst 2001:db8::1/128 proto udp dport 4791 dir in priority 1000 tmpl src 2001:db8::2 dst 2001:db8::1 proto esp reqid 26220 mode transport level required',
  )
  t.equal(deletePolicy(back), 'xfrm policy delete src 2001:db8::2/128 dst 2001:db8::1/128 proto udp dport 4791 dir in')
})

t.test('nothing but what it is passes, and a key that is none is not repeated', async t => {
  t.throws(() => addState({ ...state, src: '192.0.2.1 proto ah' }))
  t.throws(() => deleteState({ ...state, spi: '1\nxfrm state flush' }))
  for (const key of ['secret', `${'ab'.repeat(36)} 64`, `${'ab'.repeat(36)}\nx`]) {
    t.throws(() => addState({ ...state, key }), { message: 'a key of IPsec is none' })
  }
})

t.test('what the kernel lists, as far as it is ours', async t => {
  const states = `src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x00001234 reqid 26220 mode transport
	replay-window 0 flag esn
	aead rfc4106(gcm(aes)) <<Keys hidden>> 128
src 192.0.2.2 dst 192.0.2.1
	proto esp spi 0x00000456 reqid 1 mode tunnel
src 2001:db8::2 dst 2001:db8::1
	proto esp spi 0xc0000001 reqid 26220 mode transport
`
  t.same(statesIn(states), [
    { src: '192.0.2.1', dst: '192.0.2.2', spi: '0x00001234' },
    { src: '2001:db8::2', dst: '2001:db8::1', spi: '0xc0000001' },
  ])
  const policies = `src 192.0.2.1/32 dst 192.0.2.2/32 proto udp dport 4790 
	dir out priority 1000 ptype main 
	tmpl src 192.0.2.1 dst 192.0.2.2
		proto esp spi 0x00001234 reqid 26220 mode transport
src 192.0.2.2/32 dst 192.0.2.1/32 proto udp dport 4790 
	dir in priority 1000 ptype main 
	tmpl src 192.0.2.2 dst 192.0.2.1
		proto esp reqid 26220 mode transport
src 10.0.0.0/8 dst 10.0.0.0/8 proto udp dport 4790 
	dir in priority 1000 ptype main 
	tmpl src 10.0.0.1 dst 10.0.0.2
		proto esp reqid 9 mode tunnel
src 0.0.0.0/0 dst 0.0.0.0/0 proto udp dport 4790 
	dir in action block priority 2000 ptype main 
`
  t.same(policiesIn(policies), [
    { src: '192.0.2.1', dst: '192.0.2.2', port: 4790, direction: 'out', spi: '0x00001234' },
    { src: '192.0.2.2', dst: '192.0.2.1', port: 4790, direction: 'in' },
  ])
})
