/** Where state is on disk. */
import type { Host } from '../host/host.ts'

/** The directory of our own state: records, claims, the boot mark. */
export const stateDirectory = (host: Host): string => host.env('FAIRLEAD_STATE_DIR') ?? '/var/lib/cni/fairlead'

/** Where host-local keeps leases unless its configuration says otherwise. */
export const defaultLeases = '/var/lib/cni/networks'
