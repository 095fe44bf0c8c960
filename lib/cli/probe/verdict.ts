/** What follows from what became of the packets. Pure. */
import type { Outcome } from './ask.ts'
import type { Observed } from './observe.ts'

export interface Verdict {
  readonly isWell: boolean
  /** Whole sentences, for a person. */
  readonly text: string
}

/** Who talks, as a person calls them. */
export interface Parties {
  readonly network: string
  readonly here: string
  readonly peer: string
  readonly port: number
}

const isGood = (outcome: Outcome | undefined): boolean => outcome === 'arrives'

const trouble = (text: string): Verdict => ({ isWell: false, text })

function checksums({ network }: Parties, hosts: readonly string[], how: string): Verdict {
  const on = hosts.join(' and on ')
  const msg = `What ${hosts.join(' and ')} ${hosts.length > 1 ? 'send' : 'sends'} ${how}`
  return trouble(
    `${msg}: checksum offload must be off. Set "txChecksumOffload": false for network ${network} on ${on}, and add a container there`,
  )
}

/** Nothing small arrives; what is cut in pieces does, at least one way. */
function ofSmall(parties: Parties, { cutThere, cutBack }: Observed): Verdict {
  // A small question that is answered in pieces went there well.
  const wrong = [...(isGood(cutBack) ? [] : [parties.here]), ...(isGood(cutThere) ? [] : [parties.peer])]
  if (wrong.length > 0) return checksums(parties, wrong, 'arrives with wrong checksums')
  return trouble(
    'Packets are lost now and then. See what the hosts and what is between them are busy with, and try again',
  )
}

/** What is of full size, but is cut, has checksums of the host's own. */
function ofLarge(parties: Parties, observed: Observed): Verdict {
  const { fullThere, fullBack, cutThere, cutBack } = observed
  const wrong = [
    ...(!isGood(fullThere) && isGood(cutThere) ? [parties.here] : []),
    ...(!isGood(fullBack) && isGood(cutBack) ? [parties.peer] : []),
  ]
  return wrong.length > 0
    ? checksums(parties, wrong, 'arrives with wrong checksums where it is large')
    : ofSize(parties, observed)
}

function ofTcp(parties: Parties, tcp: Outcome | undefined): Verdict {
  const { here, peer, port } = parties
  const how = 'arrives by UDP, but by TCP, whose segments are left to what is below, it does not'
  if (tcp === 'stalls there') return checksums(parties, [here], how)
  if (tcp === 'stalls back') return checksums(parties, [peer], how)
  return trouble(`${peer} answers UDP, but not TCP. Let TCP port ${port} through the firewalls of both hosts`)
}

function ofSize({ here, peer, network }: Parties, { mtu, mostThere, mostBack }: Observed): Verdict {
  const ways = [
    ...(mostThere === undefined ? [] : [`${here} to ${peer} no more than ${mostThere}`]),
    ...(mostBack === undefined ? [] : [`${peer} to ${here} no more than ${mostBack}`]),
  ]
  const least = Math.min(mostThere ?? mtu, mostBack ?? mtu)
  return trouble(
    `Small packets arrive, but those of full size, ${mtu} bytes, are lost: from ${ways.join(', from ')} bytes pass. Correct the MTU of what is between the hosts, or set "mtu": ${least} for network ${network} on all hosts`,
  )
}

function ofSilence({ here, peer, port, network }: Parties, { pings, small }: Observed): Verdict {
  const listen = `fairlead overlay probe --listen --network ${network}`
  if (small === 'refused') return trouble(`${peer} is reached, but nobody answers there. Run on it: ${listen}`)
  if (pings)
    return trouble(
      `${peer} answers pings, but neither UDP nor TCP. Run on it: ${listen}. If that runs, let port ${port} through the firewalls of both hosts`,
    )
  return trouble(
    `${peer} is not reached, not even by ping. See that ${here} and ${peer} know of each other, that network ${network} has a container on both, and that nothing between them drops the tunnel's UDP port`,
  )
}

/** The verdict. */
export function verdictOf(parties: Parties, observed: Observed): Verdict {
  const { small, cut, fullThere, fullBack, tcp } = observed
  const { here, peer } = parties
  const all = [small, cut, fullThere, fullBack, tcp]
  const changed = [...(all.includes('changed there') ? [here] : []), ...(all.includes('changed back') ? [peer] : [])]
  if (changed.length > 0) return checksums(parties, changed, 'arrives changed, and its checksums do not tell')
  if (isGood(cut)) return ofSmall(parties, observed)
  if (small !== 'arrives') return ofSilence(parties, observed)
  if (!isGood(fullThere) || !isGood(fullBack)) return ofLarge(parties, observed)
  if (tcp === 'arrives')
    return { isWell: true, text: 'TCP and UDP of full size arrive unchanged both ways: leave checksum offload on' }
  return ofTcp(parties, tcp)
}
