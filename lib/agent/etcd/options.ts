/** The part of a configuration that says where etcd is and how to log in. */
import * as z from 'zod/mini'

const path = z.string().check(z.regex(/^\//, 'must be an absolute path'))
const endpoint = z
  .string()
  .check(z.regex(/^https?:\/\/(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?\/?$/i, 'must be a URL as https://10.0.0.1:2379'))

/** With keys as etcdctl has them, except that a secret is only ever the name of a file. */
export const etcdOptions = z
  .object({
    endpoints: z.array(endpoint).check(z.minLength(1, 'must name at least one endpoint')),
    /** Certificates of authorities that sign the members' own; those of the system without it. */
    ca: z.optional(path),
    /** Our certificate, and the file of its key. */
    cert: z.optional(path),
    keyFile: z.optional(path),
    user: z.optional(z.string()),
    passwordFile: z.optional(path),
    /** All our keys are under it. */
    prefix: z._default(z.string().check(z.regex(/^\/([^/\s]+\/)+$/, 'must begin and end with /')), '/fairlead/v1/'),
  })
  .check(
    z.refine(({ cert, keyFile }) => (cert === undefined) === (keyFile === undefined), {
      error: 'needs both cert and keyFile, or none of them',
    }),
    z.refine(({ user, passwordFile }) => (user === undefined) === (passwordFile === undefined), {
      error: 'needs both user and passwordFile, or none of them',
    }),
    z.refine(({ ca, cert, endpoints }) => (!ca && !cert) || endpoints.every(url => url.startsWith('https:')), {
      error: 'has a ca or cert, but endpoints without https',
    }),
  )

export type EtcdOptions = z.infer<typeof etcdOptions>
