/** The keys of features that an interface plugin has to know, so that they are not taken for mistakes: features read them. */
import * as z from 'zod/mini'
import { maybeFlag, maybeInt, maybeText, maybeTexts } from '../cni/leaf.ts'
import { hostFirewalls } from '../kernel/vetting.ts'

export const featureKeys = {
  snat: maybeFlag,
  masqAll: maybeFlag,
  hostFirewall: z.exactOptional(z.enum(hostFirewalls)),
  conditionsV4: maybeTexts,
  conditionsV6: maybeTexts,
  ingressRate: maybeInt,
  ingressBurst: maybeInt,
  egressRate: maybeInt,
  egressBurst: maybeInt,
  shapedSubnets: maybeTexts,
  unshapedSubnets: maybeTexts,
  sysctl: z.exactOptional(z.record(z.string(), z.unknown())),
  isolation: maybeText,
  hostAccess: maybeText,
}
