/**
 * The peer: the Go reference plugins, from the Go module proxy into `build/go`. Run as a program it prints that
 * directory.
 */
import { type Found, goInstall } from '../support/go.ts'

export const peerVersion = 'v1.9.1'

const wanted = {
  name: 'go',
  module: 'github.com/containernetworking/plugins',
  version: peerVersion,
  packages: [
    ...['bridge', 'dummy', 'host-device', 'ipvlan', 'loopback', 'macvlan', 'ptp', 'tap', 'vlan'].map(
      each => `plugins/main/${each}`,
    ),
    ...['host-local', 'static'].map(each => `plugins/ipam/${each}`),
    ...['bandwidth', 'firewall', 'portmap', 'sbr', 'tuning', 'vrf'].map(each => `plugins/meta/${each}`),
  ],
}

/** Installs the Go plugins unless they are there. */
export const findPeer = (): Promise<Found> => goInstall(wanted)

if (import.meta.main) {
  const peer = await findPeer()
  if ('bin' in peer) process.stdout.write(`${peer.bin}\n`)
  else {
    process.stderr.write(`${peer.why}\n`)
    process.exitCode = 1
  }
}
