/** Names of the links that packets are led through: functions of whose packets they are. */
import { digest } from '../../lib/host/digest.ts'

interface Whose {
  readonly containerId: string
  readonly ifName: string
}

/** 15 bytes, as many as a link name may have. */
export const detourName = ({ containerId, ifName }: Whose, direction: 'ingress' | 'egress'): string =>
  `bwp${digest(12, containerId, ifName, direction)}`
