/** Both kinds of iptables, each as the one that a plugin finds. */
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

export const kinds = ['nft', 'legacy'] as const
export type Kind = (typeof kinds)[number]

const programs = ['iptables', 'ip6tables'].flatMap(name => ['', '-restore', '-save'].map(what => [name, what] as const))

/** Why there is none of a kind here, for a test to be skipped; false where there is. */
export const lacks = (kind: Kind): string | false =>
  !existsSync(`/usr/sbin/iptables-${kind}`) && `no iptables-${kind} is installed`

/** An environment in which the programs are of a kind. */
export function ofKind(t: Test, kind: Kind): { readonly PATH: string } {
  const directory = t.testdir()
  for (const [name, what] of programs) symlinkSync(`/usr/sbin/${name}-${kind}${what}`, join(directory, name + what))
  return { PATH: `${directory}:${process.env.PATH}` }
}
