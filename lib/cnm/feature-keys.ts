/** The keys of features that an interface plugin has to know, so that they are not taken for mistakes: features read them. */
import * as z from 'zod/mini'
import { hostFirewalls } from '../kernel/vetting.ts'

export const featureKeys = {
  snat: z.exactOptional(z.boolean()),
  masqAll: z.exactOptional(z.boolean()),
  hostFirewall: z.exactOptional(z.enum(hostFirewalls)),
  conditionsV4: z.exactOptional(z.array(z.string())),
  conditionsV6: z.exactOptional(z.array(z.string())),
  ingressRate: z.exactOptional(z.int()),
  ingressBurst: z.exactOptional(z.int()),
  egressRate: z.exactOptional(z.int()),
  egressBurst: z.exactOptional(z.int()),
  shapedSubnets: z.exactOptional(z.array(z.string())),
  unshapedSubnets: z.exactOptional(z.array(z.string())),
  sysctl: z.exactOptional(z.record(z.string(), z.unknown())),
  isolation: z.exactOptional(z.string()),
  hostAccess: z.exactOptional(z.string()),
}
