import { bin } from '../../support/host.ts'
import type { Odd } from './odd.ts'

const kubernetes = 'K8S_POD_NAME=p1;K8S_POD_UID=u1;IgnoreUnknown=1;K8S_POD_NAMESPACE=ns-1'

/** Ways to call a plugin. */
export const environments: readonly Odd[] = [
  { odd: 'arguments of Kubernetes in any order', env: { CNI_ARGS: kubernetes } },
  { odd: 'IgnoreUnknown in capitals', env: { CNI_ARGS: 'K8S_POD_NAME=p1;IgnoreUnknown=TRUE' } },
  { odd: 'an empty value of an argument', env: { CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_UID=' } },
  {
    odd: "podman's arguments",
    env: { CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_NAME=c1;MAC=02:00:00:AA:bb:02;IP=10.88.0.50' },
    gives: { interfaces: [{}, {}, { mac: '02:00:00:aa:bb:02' }], ips: [{ address: '10.88.0.50/16' }] },
  },
  { odd: "podman's environment", env: { TMPDIR: '/var/tmp', XDG_RUNTIME_DIR: '' } },
  {
    odd: 'trace context',
    env: { TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', BAGGAGE: '' },
  },
  { odd: 'a PATH without /usr/sbin', env: { PATH: '/usr/bin:/bin' } },
  { odd: 'an empty PATH', start: 'PATH= exec "$0"' },
  { odd: 'no PATH and no HOME', start: 'unset PATH HOME; exec "$0"' },
  { odd: 'a HOME that cannot be', env: { HOME: '/nonexistent' } },
  { odd: 'the working directory /', start: 'cd / && exec "$0"' },
  { odd: 'a working directory that is gone', start: 'mkdir /run/gone && cd /run/gone && rmdir /run/gone && exec "$0"' },
  { odd: 'a umask that lets nothing through', start: 'umask 0777; exec "$0"' },
  {
    odd: 'a CNI_PATH of several directories, some missing or empty',
    env: { CNI_PATH: `/nonexistent::/tmp:${bin}:/usr/lib/cni` },
  },
  { odd: 'a CNI_PATH with a slash at the end', env: { CNI_PATH: `${bin}/` } },
  { odd: 'a container ID of 200 letters', env: { CNI_CONTAINERID: `default-${'f'.repeat(192)}` } },
  {
    odd: 'an interface name of 15 letters',
    env: { CNI_IFNAME: 'abcdefghijklmno' },
    gives: { interfaces: [{}, {}, { name: 'abcdefghijklmno' }] },
  },
  {
    odd: 'an interface name with a dot',
    env: { CNI_IFNAME: 'eth0.100' },
    gives: { interfaces: [{}, {}, { name: 'eth0.100' }] },
  },
  ...['-x', 'a@b', 'type', '..a'].map(name => ({
    odd: `the interface name ${name}`,
    env: { CNI_IFNAME: name },
    gives: { interfaces: [{}, {}, { name }] },
  })),
  {
    odd: 'a sandbox by way of /var/run',
    env: { CNI_NETNS: '/var/run/netns/free' },
    gives: { interfaces: [{}, {}, { sandbox: '/var/run/netns/free' }] },
  },
  { odd: 'arguments on its command line', start: 'exec "$0" --version -x' },
  {
    odd: 'the interface name =none=',
    env: { CNI_IFNAME: '=none=' },
    gives: { interfaces: [{}, {}, { name: '=none=' }] },
  },
]
