/** The agent's own configuration file. */
import { hostname } from 'node:os'
import * as z from 'zod/mini'
import { decode } from '../../cni/decode.ts'
import { CniError, code } from '../../cni/error.ts'
import { parseObject } from '../../cni/json.ts'
import { linkName } from '../../cnm/schema.ts'
import { digest } from '../../host/digest.ts'
import type { Host } from '../../host/host.ts'
import { address } from '../../ipam/schema.ts'
import { etcdOptions } from '../etcd/options.ts'

export const defaultConfig = '/etc/cni/fairlead-agent.json'

const schema = z.object({
  etcd: etcdOptions,
  /** Where the files of networks are. */
  confDir: z._default(z.string(), '/etc/cni/net.d'),
  /** What this host is called; by it others tell a person which one they mean. */
  name: z.exactOptional(z.string()),
  /** By which etcd knows it: it stays when the host gets another name. */
  id: z.exactOptional(z.string().check(z.regex(/^[\w.-]+$/, 'must have letters, digits, ".", "_" and "-" only'))),
  underlay: z._default(z.object({ device: z.exactOptional(linkName), address: z.exactOptional(address) }), {}),
  /** The socket at which it answers; only root can ask there. */
  socket: z._default(z.string(), '/run/fairlead/agent.sock'),
  /** ADDRESS:PORT for health and metrics alone. */
  listen: z.exactOptional(z.string().check(z.regex(/^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must be ADDRESS:PORT'))),
  /** Seconds after which a block that is empty is given back, if there are others. */
  releaseAfter: z._default(z.int().check(z.minimum(0)), 600),
  /** Hours after which the keys of encrypted networks change. */
  rotateHours: z._default(z.number().check(z.minimum(0.01)), 12),
  /** Seconds after which others see that it is gone. */
  lease: z._default(z.int().check(z.minimum(5), z.maximum(600)), 30),
})

export type Config = z.infer<typeof schema> & { readonly name: string; readonly id: string }

/** It is decoded as a network's is, but it is none. */
function decoded(path: string, text: string): ReturnType<typeof decode<typeof schema>> {
  try {
    return decode(schema, parseObject(text, path))
  } catch (error) {
    if (!(error instanceof CniError)) throw error
    throw new CniError(error.code, error.message.replace('the network configuration', path))
  }
}

/**
 * Reads it.
 *
 * @throws CniError 7 that names the key, or says that there is no such file
 */
export async function readConfig(host: Host, path: string): Promise<Config> {
  const text = await host.files.read(path)
  if (text === undefined) {
    const msg = `Cannot read ${path}: there is no such file`
    throw new CniError(
      code.config,
      `${msg}. Write one with {"etcd": {"endpoints": ["https://…:2379"]}}, or name another by --config`,
    )
  }
  const { value, unknown } = decoded(path, text)
  const [first] = unknown
  if (first) {
    const meant = first.meant ? `: did you mean "${first.meant}"?` : ''
    throw new CniError(code.config, `Cannot use ${path}: unknown key "${first.path}"${meant}`)
  }
  const machine = ((await host.files.read('/etc/machine-id')) ?? '').trim()
  const name = value.name ?? hostname()
  return { ...value, name, id: value.id ?? digest(12, machine || name, 'overlay node') }
}
