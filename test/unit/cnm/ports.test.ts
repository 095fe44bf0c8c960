import t from 'tap'
import { doing } from '../../../lib/cnm/ports.ts'
import { KernelError } from '../../../lib/kernel/resource.ts'

/** What the kernel says of links, and what the runtime is told. */
const told: Readonly<Record<string, string>> = {
  'link eth0: Error: Unknown device type.': 'link eth0: Error: Unknown device type. Boot a kernel that',
  'link eth0: Operation not supported': 'link eth0: Operation not supported. Boot a kernel that',
}

for (const [why, says] of Object.entries(told)) {
  t.test(`a remedy follows "${why}" after one full stop`, t =>
    t.rejects(
      doing('attach eth0', () => Promise.reject(new KernelError(why, 'lacking'))),
      { code: 999, message: new RegExp(`^Cannot attach eth0: ${says}`) },
    ),
  )
}
