import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import { bin, type Host, withHost } from '../support/host.ts'

/** A call that a runtime made, without what differs from run to run. */
interface Recorded {
  readonly runtime: string
  readonly operation: string
  /** Who got these bytes: a delegate gets its caller's. */
  readonly plugins: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly conf: Readonly<Record<string, unknown>>
}

const file = resolve(import.meta.dirname, '../fixtures/recorded.json')
const calls: readonly Recorded[] = JSON.parse(readFileSync(file, 'utf8'))
const rows = calls.flatMap(call => call.plugins.map(plugin => ({ ...call, plugin })))

function repeat(host: Host, row: (typeof rows)[number], env: Readonly<Record<string, string>>) {
  const input = JSON.stringify({ ...row.conf, strict: true })
  return host.exec([`${bin}/${row.plugin}`], {
    input,
    env: { CNI_COMMAND: row.operation, CNI_PATH: bin, ...row.env, ...env },
  })
}

const nameOf = ({ runtime, conf, env }: Recorded): string => `${runtime}'s ${conf.name} ${env.CNI_ARGS}`

t.test('every recorded ADD succeeds where the configuration is strict', t =>
  withHost(t, async host => {
    const { path } = await host.sandbox('free')
    for (const row of rows.filter(({ operation }) => operation === 'ADD')) {
      const added = await repeat(host, row, { CNI_NETNS: path })
      t.match(
        added,
        { code: 0, stderr: '' },
        `${row.plugin} ADD of ${nameOf(row)} succeeds: ${added.code ? added.stdout : ''}`,
      )
      t.match(JSON.parse(added.stdout), { cniVersion: row.conf.cniVersion, ips: [{ address: String }] })
      t.match(await repeat(host, row, { CNI_NETNS: '', CNI_COMMAND: 'DEL' }), { code: 0, stdout: '' }, 'its DEL too')
    }
  }),
)

t.test('every recorded DEL succeeds in silence for an attachment that is not there', t =>
  withHost(t, async host => {
    for (const row of rows.filter(({ operation }) => operation === 'DEL')) {
      const name = `${row.plugin} DEL of ${nameOf(row)}${row.conf.prevResult ? ' with prevResult' : ''}`
      t.match(await repeat(host, row, {}), { code: 0, stdout: '', stderr: '' }, name)
    }
  }),
)
