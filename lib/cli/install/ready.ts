/** Waiting until containers can be attached to a network that has no file yet. */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { CniError, code } from '../../cni/error.ts'
import { isObject, type JsonObject, pick } from '../../cni/json.ts'
import { newest } from '../../cni/version.ts'
import type { Host } from '../../host/host.ts'
import { callPlugin, type Failure } from '../plugin-call.ts'
import { say } from '../print.ts'
import { withProgress } from '../progress.ts'

const interval = 1_000

/** The configurations of the plugins of a list, as a runtime of the newest version passes them. */
function confsOf(list: JsonObject): readonly JsonObject[] {
  const plugins = pick(list, 'plugins')
  const { name } = list
  const common = { ...(name ? { name } : {}), cniVersion: newest }
  return Array.isArray(plugins) ? plugins.filter(isObject).map(each => ({ ...each, ...common })) : []
}

async function firstFailure(binDir: string, list: JsonObject): Promise<Failure | undefined> {
  for (const conf of confsOf(list)) {
    const failure = await callPlugin(binDir, 'STATUS', conf)
    if (failure) return failure
  }
  return undefined
}

/**
 * Returns when each plugin of a list says that it is ready (STATUS), and tells meanwhile what it waits for.
 *
 * @param timeout milliseconds
 * @throws CniError 11 with the last answer
 */
export async function whenReady(host: Host, binDir: string, list: JsonObject, timeout: number): Promise<void> {
  const end = Date.now() + timeout
  const pause = () =>
    withProgress(host, tell => {
      tell(`asked again every second, for another ${Math.ceil((end - Date.now()) / 1_000)} s`)
      return pauseFor(interval)
    })
  for (let told = ''; ; await pause()) {
    const failure = await firstFailure(binDir, list)
    if (!failure) return
    if (Date.now() >= end) {
      const msg = `Cannot install the network: it is not ready after ${timeout / 1000} s: ${failure.msg}`
      throw new CniError(code.tryAgain, msg, failure.details)
    }
    if (failure.msg !== told) say(host, `waiting until the network is ready: ${failure.msg}`)
    told = failure.msg
  }
}
