/** Makes, removes or looks for the resources on stdin. Usage: node rules-entry.ts ensure|remove|missing */
import { text } from 'node:stream/consumers'
import { nodeHost } from '../../lib/host/node.ts'
import { ensure, remove } from '../../lib/kernel/kernel.ts'
import { missing } from '../../lib/kernel/missing.ts'
import type { Resource } from '../../lib/kernel/resource.ts'
import { tools } from '../../lib/kernel/tool.ts'

const work = tools(nodeHost(), '')
const resources = JSON.parse(await text(process.stdin)) as readonly Resource[]
const absent = async () => (await missing(work, resources)).map(({ resource }) => resource)
const verbs = {
  ensure: () => ensure(work, resources, new Map()),
  remove: () => remove(work, resources),
  missing: absent,
}
const answer = await verbs[process.argv[2] as keyof typeof verbs]()
process.stdout.write(JSON.stringify(answer ?? []))
work.end()
