/** Ports for which the host's own firewall counts, and clients that send again what got no answer. */
import type { Host, Sandbox } from './host.ts'
import { ask, type Protocol } from './talk.ts'

export const respect = { hostFirewall: 'respect' } as const

/**
 * As `ask`, but patient enough for a client whose first packet is dropped: TCP sends it again after a second by itself;
 * of datagrams it is the client that does.
 */
export async function askAgain(
  from: Sandbox | Host,
  address: string,
  port: number,
  protocol: Protocol = 'tcp',
): Promise<string | undefined> {
  if (protocol === 'tcp') return ask(from, address, port, 'tcp', 3)
  return (await ask(from, address, port, protocol)) ?? ask(from, address, port, protocol)
}

/** Whether somebody is served at all of the addresses, at some, or at none. */
export async function served(
  from: Sandbox | Host,
  addresses: readonly string[],
  port: number,
  protocol: Protocol = 'tcp',
): Promise<'all' | 'some' | 'none'> {
  const answers = await Promise.all(addresses.map(at => askAgain(from, at, port, protocol)))
  const heard = answers.filter(answer => answer !== undefined).length
  return heard === 0 ? 'none' : heard === addresses.length ? 'all' : 'some'
}

/** Forgets who was vetted, as some seconds do. */
export const forget = (host: Host): Promise<string> =>
  host.sh('nft flush set inet fairlead vetted4; nft flush set inet fairlead vetted6')

/** A table of the host's own that judges what comes to the host. */
export const filterInput = (host: Host, policy: 'accept' | 'drop', ...rules: readonly string[]): Promise<string> =>
  host.sh(`nft -f - <<END
add table inet own
add chain inet own input { type filter hook input priority filter; policy ${policy}; }
flush chain inet own input
${rules.map(rule => `add rule inet own input ${rule}\n`).join('')}
END`)

export const removeFilter = (host: Host): Promise<string> => host.sh('nft delete table inet own')

/** The ports that the host's firewall guards, with their owners, as nft lists them. */
export async function guarded(host: Host): Promise<string[]> {
  const maps = (await host.ruleset()).matchAll(/map vet-(\S+?)-respect\S* \{[^}]*?elements = \{([^}]*)\}/g)
  return [...maps].flatMap(([, name, elements = '']) =>
    elements.split(/,\s+/).map(each => `${name} ${each.trim().replace(/ : 0x\w+$/, '')}`),
  )
}
