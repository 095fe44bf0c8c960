import t from 'tap'
import type { Qdisc } from '../../../lib/kernel/resource.ts'
import { qdiscLines, removeQdiscLine } from '../../../lib/kernel/tc.ts'
import { keepsShape, words } from '../../support/hostile.ts'

const base = { kind: 'qdisc', lifetime: 'own', netns: null, dev: 'veth1' } as const
const word = { value: '0a000000', mask: 'ff000000', at: 16 }
const qdiscs: readonly Qdisc[] = [
  { ...base, type: 'tbf', rate: 1000, burst: 15000, limit: 15025 },
  {
    ...base,
    type: 'clsact',
    ingress: [{ protocol: 'ip', words: [word] }],
    egress: [{ protocol: 'all', words: [], redirect: 'bwp1' }],
  },
]

// What a resource is chooses the code, and never gets into a script.
const fixed = ['qdisc', 'tbf', 'clsact', 'own', 'all', 'ip']

for (const qdisc of qdiscs) {
  t.test(`no text of a qdisc ${qdisc.type} adds a word to the batch that makes it`, async t => {
    const build = (each: Qdisc) =>
      qdiscLines(each)
        .map(({ text }) => text)
        .join('\n')
    keepsShape(t, qdisc, build, words, fixed)
  })

  t.test(`no text of a qdisc ${qdisc.type} adds a word to the line that removes it`, async t => {
    keepsShape(t, qdisc, each => removeQdiscLine(each).text, words, fixed)
  })
}
