import t from 'tap'
import { bridgeConf, type Conf, call } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { hide, moduleFiles, pretend } from '../support/lacks.ts'

const status = (host: Host, conf: Conf) => call(host, 'STATUS', conf, { containerId: '', ifName: '' })
const narrow = {
  type: 'host-local',
  ranges: [[{ subnet: '10.88.0.0/24', rangeStart: '10.88.0.2', rangeEnd: '10.88.0.3' }]],
}
const conf = bridgeConf({ ipam: narrow })
const ready = { code: 0, stdout: '', stderr: '' }

for (const [tool, needed, spared] of [
  ['nft', { ipMasq: true }, { ipMasq: false }],
  ['nft', { ipMasq: false, macspoofchk: true }, { ipMasq: false }],
] as const) {
  t.test(`STATUS without ${tool} is 50 with ${JSON.stringify(needed)}`, t =>
    withHost(t, async host => {
      await hide(host, tool)
      t.match(await status(host, bridgeConf(needed)), {
        code: 1,
        error: { code: 50, msg: new RegExp(`${tool} is not`) },
      })
      t.match(await status(host, bridgeConf(spared)), ready, 'a configuration that needs it not is ready')
    }),
  )
}

const modules = ['bridge/bridge', 'veth', 'nf_tables']
const builtin = moduleFiles(modules)

const kernels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'all built in': { 'modules.builtin': builtin, 'modules.dep': '' },
  'all loadable, compressed': { 'modules.builtin': '', 'modules.dep': builtin.replaceAll('.ko', '.ko.xz:') },
  'no list of what is loadable': { 'modules.builtin': '' },
  'no list at all': {},
}

for (const [name, lists] of Object.entries(kernels)) {
  t.test(`STATUS with ${name} is ready`, t =>
    withHost(t, async host => {
      await pretend(host, lists)
      t.match(await status(host, conf), ready)
    }),
  )
}
