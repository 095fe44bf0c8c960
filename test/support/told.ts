/** What a plugin tells the kernel's tools, as snapshots. */
import type { Test } from 'tap'
import { type FakeKernelOptions, fakeKernel } from './kernel.ts'
import { operate, scripts, settings } from './operate.ts'

/** A configuration, and the host that it meets. */
export interface Told {
  readonly conf: object
  readonly host?: FakeKernelOptions
}

const executables = Object.fromEntries(
  ['host-local', 'static'].map(name => [`/opt/cni/bin/${name}`, { kind: 'link', text: 'fairlead' }] as const),
)

/** A test for each row, with what ADD and DEL tell the kernel, and what ADD answers. */
export function toldOf(t: Test, type: string, rows: Readonly<Record<string, Told>>): void {
  for (const [name, { conf, host: options = {} }] of Object.entries(rows)) {
    t.test(`the kernel is told for ${name}`, async t => {
      const host = fakeKernel({ ...options, files: { ...executables, ...options.files } })
      const whole = { cniVersion: '1.1.0', name: 'net1', type, ...conf }
      const result = await operate(host, 'ADD', whole)
      t.matchSnapshot(scripts(host, 0) + settings(host), 'by ADD')
      t.matchSnapshot(result?.interfaces, 'and its answer has')
      const added = host.heard.length
      await operate(host, 'DEL', whole)
      t.matchSnapshot(scripts(host, added), 'by DEL')
      t.equal(host.open(), 0, 'no process is left open')
      const left = [...host.files.entries.keys()].filter(path => /\/(attachments|networks\/net1)\/[^l]/.test(path))
      t.same(left, [], 'no record and no lease is left')
    })
  }
}
