/** A host that believes to have booted anew: inside its own mount namespace, /proc tells of another boot. */
import { randomUUID } from 'node:crypto'
import type { Host } from './host.ts'

/** Seconds since the pretended boot. */
const uptime = 600

/** For `touch -d`: before and after the pretended boot. */
export const beforeBoot = '1 hour ago'
export const afterBoot = '1 minute ago'

/** Another boot id and boot time; the kernel has forgotten every link, rule and namespace, the disk nothing. */
export async function reboot(host: Host): Promise<void> {
  await host.sh(`
    for name in $(ls /run/netns); do ip netns del $name; done
    for bridge in $(ip -o link show type bridge | cut -d: -f2); do ip link del $bridge; done
    for veth in $(ip -o link show type veth | cut -d' ' -f2 | grep ^veth | cut -d@ -f1); do ip link del $veth || true; done
    nft flush ruleset
    find /var/lib/cni -type f -exec touch -d '${beforeBoot}' {} +
    echo ${randomUUID()} > /run/boot_id
    mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
    sed "s/^btime .*/btime $(($(date +%s) - ${uptime}))/" /proc/stat > /run/stat
    mount --bind /run/stat /proc/stat`)
}
