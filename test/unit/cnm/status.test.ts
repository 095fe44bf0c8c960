import t from 'tap'
import { checkNeeds } from '../../../lib/cnm/status.ts'
import { fakeHost } from '../../../lib/host/fake.ts'

const needs = { tools: [], modules: [], kernel: { BRIDGE_VLAN_FILTERING: 'VLAN filtering of bridges' } }
const release = { '/proc/sys/kernel/osrelease': '6.1.0\n' }
const packed = { '/proc/config.gz': '(gzip)', '/usr/bin/gzip': '' }
const without = 'CONFIG_BRIDGE=y\n# CONFIG_BRIDGE_VLAN_FILTERING is not set\n'
const withIt = 'CONFIG_BRIDGE=m\nCONFIG_BRIDGE_VLAN_FILTERING=y\n'

const hosts: Readonly<
  Record<string, readonly [files: Readonly<Record<string, string>>, unpacked: string, lacks: boolean]>
> = {
  'says so itself': [packed, without, true],
  'has no word of it': [packed, 'CONFIG_BRIDGE=y\n', true],
  'has it, by its own word,': [{ ...packed, '/boot/config-6.1.0': without }, withIt, false],
  'says so below /boot': [{ '/boot/config-6.1.0': without }, '', true],
  'has it, by what is below /boot,': [{ '/boot/config-6.1.0': withIt }, '', false],
  'says so beside its modules': [{ '/lib/modules/6.1.0/config': without }, '', true],
  'is silent': [{}, '', false],
  'is packed, where nothing unpacks it,': [{ '/proc/config.gz': '(gzip)' }, without, false],
}

for (const [what, [files, unpacked, lacks]] of Object.entries(hosts)) {
  t.test(`STATUS on a kernel that ${what} is ${lacks ? '50' : 'ready'}`, async t => {
    const run = () => ({ stdout: unpacked })
    const checked = checkNeeds(fakeHost({ files: { ...release, ...files }, run }), needs)
    if (!lacks) return t.resolves(checked)
    return t.rejects(checked, { code: 50, message: /VLAN filtering of bridges \(CONFIG_BRIDGE_VLAN_FILTERING\)/ })
  })
}

t.test('nothing is asked of the kernel where no option of it is needed', async t => {
  const host = fakeHost({ files: { ...release, ...packed } })
  await checkNeeds(host, { tools: [], modules: [] })
  t.same(host.heard, [])
})
