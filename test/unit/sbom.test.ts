import { resolve } from 'node:path'
import { build } from 'esbuild'
import t from 'tap'
import { component, nodeFor, packagesIn } from '../../scripts/components.ts'
import { billOf, validateBill } from '../../scripts/sbom.ts'

const root = resolve(import.meta.dirname, '../..')

/** What the bundler says of a program of two packages, which asks for a third and needs nothing of it. */
async function bundled() {
  const contents = `import { z } from 'zod/mini'
import { sha256 } from '@noble/hashes/sha2.js'
import { create } from '@bufbuild/protobuf'
console.log(z.string(), sha256)`
  const { metafile } = await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    platform: 'node',
    format: 'esm',
    bundle: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  return metafile
}

t.test('a bill names what is in the executable, and nothing else', async t => {
  const packages = packagesIn([await bundled()])
  const names = packages.map(({ group, name }) => (group ? `${group}/${name}` : name))
  t.same(names, ['@noble/hashes', 'zod'])
  const text = billOf('tool', Buffer.from('executable'), [...packages, nodeFor('x64')])
  await validateBill(text)
  const { metadata, components, serialNumber } = JSON.parse(text)
  t.match(metadata.component, { name: 'tool', licenses: [{ license: { id: 'Apache-2.0' } }] })
  t.match(metadata.component.hashes, [{ alg: 'SHA-256', content: /^[\da-f]{64}$/ }])
  t.equal(serialNumber, undefined)
  const named = (name: string) => components.find((each: { name: string }) => each.name === name)
  t.match(named('zod'), { version: /^4\./, licenses: [{ license: { id: 'MIT' } }], purl: /^pkg:npm\/zod@4\./ })
  t.match(named('hashes').externalReferences, [
    {
      type: 'distribution',
      url: /@noble\/hashes\/-\/hashes-/,
      hashes: [{ alg: 'SHA-512', content: /^[\da-f]{128}$/ }],
    },
  ])
  t.match(named('node'), { type: 'platform', version: process.versions.node })
  const parts = named('node').components.map((each: { name: string }) => each.name)
  t.ok(parts.includes('v8') && parts.includes('openssl') && !parts.includes('modules'), parts.join())
})

t.test('a bill is the same every time', async t => {
  const text = async () => billOf('tool', Buffer.from('executable'), packagesIn([await bundled()]))
  t.equal(await text(), await text())
})

t.test('what is no bill is refused', async t => {
  const broken = component({ name: 'x', purl: 'pkg:generic/x', license: 'MIT' })
  const text = billOf('tool', Buffer.from('executable'), [broken])
  await validateBill(text)
  await t.rejects(validateBill(text.replace('"library"', '"book"')), { message: /no valid bill of materials: .*enum/ })
})
