/**
 * Names and comments as the reference plugins write them (v1.9.1, observed): runtimes and scripts know rules by them, and
 * so does a DEL by either side of what the other has made.
 */
import { digest512 } from '../host/digest512.ts'

/** One network and one container: what the names of chains are made of. */
export interface Attachment {
  readonly network: string
  readonly containerId: string
}

const longestComment = 255

/** The chain that masquerades an attachment's addresses. */
export const masqueradeChain = ({ network, containerId }: Attachment): string =>
  `CNI-${digest512(24, network + containerId)}`

/** The chain of an attachment's published ports. */
export const publishChain = ({ network, containerId }: Attachment): string =>
  `CNI-DN-${digest512(21, network + containerId)}`

/** The words that put a comment on a rule; xt_comment takes 255 bytes. */
export const commented = (text: string): readonly string[] => [
  '-m',
  'comment',
  '--comment',
  text.slice(0, longestComment),
]

/** Whose a rule is. */
export const label = ({ network, containerId }: Attachment): string => `name: "${network}" id: "${containerId}"`
