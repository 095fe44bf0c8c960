/** What the reference plugin leaves, and what is ours where the record was lost. Pure. */
import type { Request } from '../../lib/cni/request.ts'
import { attachedOf } from '../../lib/cnm/attached.ts'
import type { Attached } from '../../lib/cnm/model.ts'
import { digest512 } from '../../lib/host/digest512.ts'
import type { Link, Qdisc, Resource } from '../../lib/kernel/resource.ts'
import { detourName } from './names.ts'
import { readOptions } from './options.ts'

/** The name that the reference plugin gives. */
export const referenceName = (network: string, containerId: string): string =>
  `bwp${digest512(12, network + containerId)}`

const link = (name: string): Link => ({ kind: 'link', lifetime: 'own', netns: null, name, type: 'ifb', up: true })

/** A DEL goes on without what it cannot read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** What is on the host end, as far as its ADD must have put it there: by now it may be another container's. */
function onHostEnd({ hostEnd, previous }: Attached, names: readonly string[], request: Request): readonly Qdisc[] {
  if (!hostEnd) return []
  const base = { kind: 'qdisc', lifetime: 'own', netns: null, dev: hostEnd.name } as const
  const limited = attempt(() => readOptions(request).value.ingress) !== undefined
  const led = previous.interfaces.some(({ name }) => names.includes(name))
  return [
    ...(limited ? [{ ...base, type: 'tbf', rate: 0, burst: 0, limit: 0 } as const] : []),
    ...(led ? [{ ...base, type: 'clsact', ingress: [], egress: [] } as const] : []),
  ]
}

/** The resources of an attachment that has no record. */
export function inherited(request: Request): readonly Resource[] {
  const ours = [detourName(request, 'egress'), detourName(request, 'ingress')]
  const names = [referenceName(request.network, request.containerId), ...ours]
  const attached = attempt(() => attachedOf(request, 'bandwidth'))
  return [...names.map(link), ...(attached ? onHostEnd(attached, names, request) : [])]
}
