/** Asking of a network what a plugin would be asked, without a runtime that asks. Pure. */
import type { JsonObject } from './json.ts'
import type { Request } from './request.ts'
import { newest } from './version.ts'

/** A request about a network and no container, but for what is said otherwise. */
export const requestAbout = (network: string, conf: JsonObject, change: Partial<Request> = {}): Request => ({
  operation: 'STATUS',
  containerId: '',
  netns: '',
  ifName: '',
  args: '',
  path: [],
  network,
  cniVersion: newest,
  conf: { ...conf, name: network },
  text: '',
  ...change,
})
