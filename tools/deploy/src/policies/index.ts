import { agreed, configured } from './environment.ts';
import { referred, resolved } from './names.ts';
import { arrows, internetReached, partsReached } from './network.ts';
import { bounded, hardened, probed, restricted, tagged } from './pods.ts';
import { bound, complete, oneWriter, scaled } from './scaling.ts';
import { versioned } from './versions.ts';
import type { Policy } from './workloads.ts';

/** What every rendering is judged by; each has a planted fault in policies.test.ts. */
export const policies = {
  restricted, hardened, bounded, probed, tagged, scaled, oneWriter, bound, complete, configured, agreed, resolved, referred, arrows, partsReached, internetReached, versioned,
} satisfies Record<string, Policy>;
