/** DEL of an interface plugin: by the record, or by what it would have said. */
import type { Request } from '../cni/request.ts'
import { detach } from './detach.ts'
import type { Inherits } from './inherits.ts'
import { keyOf, recordName } from './names.ts'
import type { Ports } from './ports.ts'
import { recordFor } from './renamed.ts'
import { isOwnNetns, sameNetns } from './sandbox.ts'
import { removeStray } from './stray.ts'
import { sweepEarlierBoots } from './sweep.ts'

/**
 * Detaches whatever the request names; that it is gone already is no error.
 *
 * @param inherits what is undone without a record
 * @throws CniError where something could not be removed
 */
export async function del(ports: Ports, type: string, inherits: Inherits, request: Request): Promise<void> {
  await sweepEarlierBoots(ports, recordName(keyOf(request, type)))
  const record = await recordFor(ports, request, type)
  if (record) return detach(ports, record, request)
  if (request.netns !== '' && (await isOwnNetns(ports.host, request))) throw sameNetns(request)
  await removeStray(ports, keyOf(request, type), inherits, request)
}
