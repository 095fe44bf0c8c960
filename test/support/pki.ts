/** Certificates by openssl, for their names and 127.0.0.1 to 127.0.0.3. */
import { join } from 'node:path'
import { execa } from 'execa'

export interface Pair {
  readonly cert: string
  readonly key: string
}

export interface Pki {
  readonly ca: string
  /** A certificate for a name; its key is of mode 0600. With negative days it has expired already. */
  issue(name: string, days?: number): Promise<Pair>
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** An authority of its own, with its files in a directory. */
export async function makePki(place: string, name = 'authority'): Promise<Pki> {
  const path = (file: string) => join(place, `${name}-${file}`)
  const openssl = (...args: string[]) => execa('openssl', args)
  const [ca, caKey] = [path('ca.crt'), path('ca.key')]
  await openssl('req', '-x509', ...curve, '-keyout', caKey, '-out', ca, '-subj', `/CN=${name}`, '-days', '30')
  return {
    ca,
    async issue(subject, days = 30) {
      const [cert, key, request] = [path(`${subject}.crt`), path(`${subject}.key`), path(`${subject}.csr`)]
      const names = `subjectAltName=DNS:${subject},IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3`
      await openssl('req', ...curve, '-keyout', key, '-out', request, '-subj', `/CN=${subject}`, '-addext', names)
      const signed = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-copy_extensions', 'copy', '-days', String(days)]
      await openssl('x509', '-req', '-in', request, ...signed, '-out', cert)
      return { cert, key }
    },
  }
}
