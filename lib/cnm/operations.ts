/** The operations of an interface plugin, all from its driver's description and the record on disk. Each is loaded when it is asked for. */
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import type { Operations } from '../cni/serve.ts'
import type { Netns } from '../kernel/resource.ts'
import { informed } from './defaults.ts'
import { type Inherits, linkOfType } from './inherits.ts'
import type { Driver } from './model.ts'
import { keyOf, recordName } from './names.ts'
import { operation, type Ports } from './ports.ts'

/** Starts what an operation is going to talk with: it gets ready while the program is loaded and the request looked at. */
function foresee(ports: Ports, type: string, request: Request, namespaces: readonly Netns[]): void {
  ports.tools(recordName(keyOf(request, type))).prepare(namespaces, false)
}

/**
 * The operations of a driver of this type. DEL and GC go by the records alone, and do without it.
 *
 * @param load gives the driver for a configuration
 * @param choosesBackend whether the driver of a request asks for the host's defaults
 * @param inherits what DEL undoes without a record; by default, an interface of the plugin's own type goes, which has no
 *   end on the host
 * @param settle makes of a request what it means on this host, before the driver is asked
 */
export function operationsOf<O>(
  type: string,
  load: (request: Request) => Promise<Driver<O>>,
  ports: Ports,
  choosesBackend: (request: Request) => boolean = () => false,
  inherits?: Inherits,
  settle: (request: Request) => Promise<Request> = async request => request,
): Operations {
  const within = <T>(what: string, work: () => Promise<T>) => operation(ports, what, work)
  type Work<T> = (ports: Ports, driver: Driver<O>, request: Request) => Promise<T>
  const driven = <T>(what: string, loading: () => Promise<Work<T>>, asked: Request) =>
    within(what, async () => {
      const request = await informed(ports, await settle(asked), choosesBackend)
      const driver = await load(request)
      return (await loading())(ports, driver, request)
    })
  return {
    ADD(request): Promise<Result> {
      foresee(ports, type, request, [null, request.netns])
      return driven('attach', async () => (await import('./add.ts')).add<O>, request)
    },
    DEL(request) {
      foresee(ports, type, request, inherits ? [null] : [request.netns].filter(Boolean))
      const undone = inherits ?? linkOfType(type)
      return within('remove the attachment', async () => (await import('./del.ts')).del(ports, type, undone, request))
    },
    CHECK: request => driven('check the attachment', async () => (await import('./inspect.ts')).check<O>, request),
    GC: request =>
      within('collect garbage', async () => (await import('./gc.ts')).collectGarbage(ports, type, request)),
    STATUS: request => driven('tell the status', async () => (await import('./inspect.ts')).status<O>, request),
  }
}
