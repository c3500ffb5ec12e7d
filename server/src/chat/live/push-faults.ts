import type { LiveEvent } from '@switchboard/contract';

/** What a fault rule does to a live connection, or to a push. */
export type PushEffect =
  | { readonly kind: 'dropSocket' | 'halfOpen' | 'duplicatePush' | 'losePush' | 'reorder' }
  | { readonly kind: 'latePush'; readonly delayMs: number };

export interface DisturbableSocket {
  readonly resourceId: string;
  /** Raw id. */
  readonly user: string;
}

/** A push to all connections of one user. */
export interface DisturbablePush extends DisturbableSocket {
  readonly event: LiveEvent;
  readonly threadId: string;
}

interface Strike {
  readonly effect: PushEffect;
}

/** Faults on command; implemented by `faults/`. */
export interface PushFaults {
  readonly pushes: {
    /** False while no rule is about pushes: all that a push pays for them then. */
    readonly isActive: boolean;
    /** What the first rule that fits does. */
    strike(push: DisturbablePush): Strike | undefined;
  };
  /** Sets who goes through the open connections when a rule is about those. */
  onNow(listener: (strike: (socket: DisturbableSocket) => Strike | undefined) => void): void;
}
