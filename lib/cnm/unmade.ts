/** What could not be made again, in the words of who looks after many attachments. */
import { KernelError } from '../kernel/resource.ts'
import type { Record } from './record.ts'

/** A failure with the name of whom it is about: a network, where its containers share what could not be made. */
export function withOwner({ key: { containerId, ifName, network } }: Record, error: unknown): unknown {
  if (!(error instanceof KernelError)) return error
  const { resource, fault, message } = error
  const shared = resource !== undefined && resource.lifetime !== 'own'
  const whose = `${shared ? '' : `${containerId} ${ifName} of `}network ${network}`
  return new KernelError(`${whose}: ${message}`, fault, resource)
}

/** Several as one, each text once; undefined for none. */
export function allOf(failures: readonly unknown[]): unknown {
  const [first] = failures
  if (!(first instanceof KernelError)) return first
  const texts = new Set(failures.map(each => (each instanceof Error ? each.message : String(each))))
  return new KernelError([...texts].join('; '), first.fault, first.resource)
}
