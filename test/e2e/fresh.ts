/** A node as a machine on which nobody has set anything up. */
import type { Node } from './node.ts'

/** From here on the node changes its own copies of what it has in common with the machine. */
export const makeFresh = (node: Node): Promise<string> =>
  node.sh(`for each in usr etc var; do
  mkdir -p /run/over/$each/upper /run/over/$each/work
  mount -t overlay -o lowerdir=/$each,upperdir=/run/over/$each/upper,workdir=/run/over/$each/work none /$each
done
for place in /etc/cni /var/lib/cni /var/lib/containers; do
  mkdir -p $place
  mount -t tmpfs none $place
done`)
