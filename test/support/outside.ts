/** What is beyond the uplink of a host. */
import type { Host, Sandbox } from './host.ts'

/**
 * A machine behind the uplink that knows no way back to containers: 192.0.2.2 and 2001:db8::2, the host being 192.0.2.1
 * and 2001:db8::1.
 */
export async function machine(host: Host): Promise<Sandbox> {
  const outside = await host.sandbox('outside')
  await host.sh(`ip link set up1 netns outside
ip -n outside addr add 192.0.2.2/24 dev up1; ip -n outside addr add 2001:db8::2/64 dev up1 nodad; ip -n outside link set up1 up
ip addr add 2001:db8::1/64 dev up0 nodad; ip -6 route add default via 2001:db8::2`)
  return outside
}
