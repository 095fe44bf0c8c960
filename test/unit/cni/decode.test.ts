import fc from 'fast-check'
import t from 'tap'
import * as z from 'zod/mini'
import { decode } from '../../../lib/cni/decode.ts'
import { parseObject, pick } from '../../../lib/cni/json.ts'
import { meant } from '../../../lib/cni/unknown.ts'

const schema = z.object({
  isGateway: z._default(z.boolean(), false),
  mtu: z.exactOptional(z.int()),
  bridge: z._default(z.string(), 'cni0'),
  ranges: z._default(z.array(z.array(z.object({ subnet: z.string(), gateway: z.exactOptional(z.string()) }))), []),
})
const read = (text: string) => decode(schema, parseObject(text, 'the text'))

function failure(text: string): unknown {
  try {
    return read(text)
  } catch (error) {
    return error
  }
}

/** A word with each letter in either case. */
const anyCase = (word: string) =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map(upper =>
      [...word].map((letter, index) => (upper[index] ? letter.toUpperCase() : letter.toLowerCase())).join(''),
    )

t.test('a key is known in any case', async () => {
  fc.assert(
    fc.property(anyCase('isGateway'), anyCase('ranges'), anyCase('subnet'), (gateway, ranges, subnet) => {
      const { value, unknown } = read(`{"${gateway}": true, "${ranges}": [[{"${subnet}": "x"}]]}`)
      return value.isGateway && value.ranges[0]?.[0]?.subnet === 'x' && unknown.length === 0
    }),
  )
})

t.test('null, the empty string and an absent key are the same', async t => {
  for (const text of [
    '{}',
    '{"bridge": null, "mtu": null, "isGateway": null, "ranges": null}',
    '{"bridge": "", "BRIDGE": null}',
  ]) {
    t.same(read(text), { value: { isGateway: false, bridge: 'cni0', ranges: [] }, unknown: [] }, text)
  }
})

t.test('of two spellings the later wins', async t => {
  t.equal(read('{"mtu": 1, "MTU": 2}').value.mtu, 2)
  t.equal(read('{"MTU": 2, "mtu": 1}').value.mtu, 1)
  t.equal(pick(parseObject('{"a": 1, "A": 2}', 'x'), 'a'), 2)
})

t.test('a wrong type is an error that names the place and what is expected there', async t => {
  for (const [text, message] of [
    ['{"isGateway": "true"}', /isGateway must be of type boolean$/],
    ['{"mtu": "1500"}', /mtu must be of type integer/],
    ['{"mtu": 1500.5}', /mtu must be of type integer/],
    ['{"ranges": [[{}]]}', /ranges\[0\]\[0\]\.subnet must be of type string/],
    ['{"ranges": [{"subnet": "x"}]}', /ranges\[0\] must be of type array/],
    ['{"ranges": [["x"]]}', /ranges\[0\]\[0\] must be of type object/],
  ] as const) {
    t.throws(() => read(text), { code: 7, message }, text)
  }
})

t.test('an unknown key is remembered with the known one that it resembles', async t => {
  t.same(read('{"isGatway": true, "colour": 1, "ranges": [[{"subnet": "x", "gatway": "y"}]]}').unknown, [
    { path: 'isGatway', meant: 'isGateway' },
    { path: 'colour', meant: undefined },
    { path: 'ranges[0][0].gatway', meant: 'gateway' },
  ])
  t.match(failure('{"mtu": "x", "isGatway": true}'), { details: 'unknown key "isGatway", did you mean "isGateway"?' })
})

t.test('what is meant is close to what is written, whatever that is', async t => {
  const known = ['isGateway', 'isDefaultGateway', 'mtu', 'ipMasq']
  for (const [word, wanted] of [
    ['isgateway', 'isGateway'],
    ['ismasq', 'ipMasq'],
    ['MTU', 'mtu'],
    ['mut', undefined],
    ['', undefined],
  ] as const) {
    t.equal(meant(word, known), wanted, word)
  }
  fc.assert(fc.property(fc.string(), word => [undefined, ...known].includes(meant(word, known))))
})

t.test('a key that JavaScript knows is a key and nothing more', async t => {
  const text =
    '{"__proto__": {"isGateway": true, "polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "toString": 1}'
  const { value, unknown } = read(text)
  t.equal(value.isGateway, false)
  t.same(
    unknown.map(({ path }) => path),
    ['__proto__', 'constructor', 'toString'],
  )
  t.equal(({} as { polluted?: number }).polluted, undefined)
  t.equal(pick(parseObject('{}', 'x'), 'toString'), undefined)
  t.equal(pick(parseObject('{"a": {"__proto__": {"b": 1}}}', 'x'), 'b'), undefined)
})

t.test('what is no JSON object is refused with the code for decoding', async t => {
  for (const text of ['', '[]', 'null', '5', '"x"', '{', '{}{}', '\ufeff{}', `${'['.repeat(200_000)}`]) {
    t.throws(
      () => parseObject(text, 'the text'),
      { code: 6, message: /^Cannot read the text: it is no JSON/ },
      text.slice(0, 20),
    )
  }
})
