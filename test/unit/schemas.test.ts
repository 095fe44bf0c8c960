/** The JSON Schemas of the networks' files, for editors: generated, complete, and right about every example. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { schemas } from '../../scripts/schemas.ts'
import { examples } from '../support/example.ts'

const folder = resolve(import.meta.dirname, '../../conf/schema')
const files = await schemas()

const ajv = new Ajv2020({ allErrors: true })
for (const [name, text] of Object.entries(files)) ajv.addSchema(JSON.parse(text), name)
const judge = ajv.getSchema('conflist.json')

/** What is wrong with a network, each with its place. */
function wrong(list: unknown): readonly string[] {
  if (judge?.(list)) return []
  const own = (judge?.errors ?? []).filter(({ keyword }) => keyword !== 'if')
  return own.map(({ instancePath, message, params }) => `${instancePath} ${message} ${Object.values(params).join()}`)
}

t.test('the files are what "make generate" makes', async t => {
  t.same(readdirSync(folder).toSorted(), Object.keys(files).toSorted())
  for (const [name, text] of Object.entries(files)) t.equal(readFileSync(`${folder}/${name}`, 'utf8'), text, name)
})

t.test('every example fits', async t => {
  for (const { title, list } of examples()) t.same(wrong(list), [], title)
})

t.test('keys are explained by what the README says', async t => {
  const { vlanTrunk } = JSON.parse(files['bridge.json'] ?? '').properties
  t.match(vlanTrunk, { type: 'array', description: /VLAN/, items: { properties: { id: { description: /./ } } } })
})

const bridge = (change: object) => ({ name: 'net1', cniVersion: '1.1.0', plugins: [{ type: 'bridge', ...change }] })

t.test('mistakes are found at their places', async t => {
  for (const [change, says] of [
    [{ isGatway: true }, /^\/plugins\/0 must NOT have additional properties isGatway$/],
    [{ vlan: 5000 }, /^\/plugins\/0\/vlan must be <= 4094/],
    [{ mtu: 'large' }, /^\/plugins\/0\/mtu must be integer/],
    [{ ipam: { type: 'host-local', ranges: [[{ subnett: '' }]] } }, /^\/plugins\/0\/ipam\/ranges\/0\/0 must/],
    [{ ipam: {} }, /^\/plugins\/0\/ipam must have required property 'type'/],
  ] as const) {
    t.match(wrong(bridge(change)), [says], JSON.stringify(change))
  }
  t.match(wrong({ ...bridge({}), name: '-' }), [/^\/name must match pattern/])
  t.match(wrong({ ...bridge({}), plugins: [] }), [/^\/plugins must NOT have fewer than 1 items/])
  t.same(wrong({ ...bridge({}), plugins: [{ type: 'of-somebody-else', key: 1 }] }), [])
})
