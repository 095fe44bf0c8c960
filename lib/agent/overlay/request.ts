/** Asking of a network what a plugin would be asked. Pure. */
import type { JsonObject } from '../../cni/json.ts'
import type { Request } from '../../cni/request.ts'

/** A request about a network and no container. */
export const requestAbout = (network: string, conf: JsonObject): Request => ({
  operation: 'STATUS',
  containerId: '',
  netns: '',
  ifName: '',
  args: '',
  path: [],
  network,
  cniVersion: '1.1.0',
  conf: { ...conf, name: network },
  text: '',
})
