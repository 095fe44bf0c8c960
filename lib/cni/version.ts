/** Protocol versions: which there are, and which a request may use (CNI specification 1.1.0 and its conventions). */
import { CniError, code } from './error.ts'

/** Every released version of the protocol, oldest first. */
export const versions = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const
export type Version = (typeof versions)[number]

export const newest: Version = '1.1.0'

export type Operation = 'ADD' | 'DEL' | 'CHECK' | 'GC' | 'STATUS'

const since: Partial<Record<Operation, Version>> = { CHECK: '0.4.0', GC: '1.1.0', STATUS: '1.1.0' }

/** Up to three dotted numbers, missing ones being 0. Throws CniError 6. */
function numbers(text: string): readonly [number, number, number] {
  if (!/^\d+(\.\d+){0,2}$/.test(text)) {
    throw new CniError(code.decode, `Cannot read cniVersion ${JSON.stringify(text)}: it is no version number`)
  }
  const [major = 0, minor = 0, micro = 0] = text.split('.').map(Number)
  return [major, minor, micro]
}

function compare(left: string, right: string): number {
  const [a, b] = [numbers(left), numbers(right)]
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

/** True for a version that prints like 0.1.0 and 0.2.0 do. */
export const isFirstFormat = (version: string): boolean => version === '0.1.0' || version === '0.2.0'

/** True for a version whose addresses carry `version: "4"`. */
export const isSecondFormat = (version: string): boolean => ['0.3.0', '0.3.1', '0.4.0'].includes(version)

/**
 * The gate that every request passes, in the reference's order, with the texts that other software matches on.
 *
 * @throws CniError 6 for a version that is none, 1 for one that does not fit
 */
export function gate(operation: Operation, version: string, supported: readonly string[]): Version {
  const minimum = since[operation]
  if (minimum) {
    if (compare(version, minimum) < 0) {
      throw new CniError(code.incompatibleVersion, `config version does not allow ${operation}`)
    }
    if (!supported.some(each => compare(each, version) >= 0)) {
      throw new CniError(code.incompatibleVersion, `plugin version does not allow ${operation}`)
    }
  }
  if (supported.includes(version)) return version as Version
  const details = `config is ${JSON.stringify(version)}, plugin supports ${JSON.stringify(supported)}`
  throw new CniError(code.incompatibleVersion, 'incompatible CNI versions', details)
}
