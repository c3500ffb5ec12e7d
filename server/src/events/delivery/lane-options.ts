import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { Timers } from '../../lib/timers.ts';
import type { ResourceStorage } from '../../storage/index.ts';
import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import type { EventLog } from '../log/event-log.ts';
import type { DeliveryStore } from '../outbox/delivery-store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { Endpoint } from './attempt.ts';
import type { AttemptShares } from './attempt-shares.ts';
import type { Buffered } from './buffered.ts';
import type { Leases } from './leases.ts';

/** What all lanes of a server share. */
export interface LaneGround {
  readonly storage: ResourceStorage;
  readonly store: DeliveryStore;
  readonly deadLetters: DeadLetters;
  readonly leases: Leases;
  readonly shares: AttemptShares;
  readonly buffered: Buffered;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

export interface LaneOptions extends LaneGround {
  readonly subscription: Subscription;
  readonly endpoint: Endpoint;
  /** What ends before the lane begins. */
  readonly before: Promise<void> | undefined;
  /** Whether what the lane knows is still what is stored: not so after a reset. */
  readonly isCurrent: () => boolean;
  /** Called when an event is due at a later time than now. */
  readonly onLater: (atMs: number) => void;
}
