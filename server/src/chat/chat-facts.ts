import type { DeletionReason, NamedParticipant, ThreadProperties } from './content.ts';
import type { Message } from './store/message-store.ts';

interface InThread {
  readonly resourceId: string;
  readonly threadId: string;
  /** Raw ids of everybody who is to know. */
  readonly recipients: readonly string[];
  /** Version of the thread or message after the fact, epoch milliseconds. */
  readonly versionMs: number;
}

/** Somebody who did something, as the others see them. */
export interface Actor {
  readonly userId: string;
  readonly displayName: string;
}

/** What happened in a thread. Features announce facts; live push and events decide what becomes of them. */
export type ChatFact = InThread &
  (
    | { readonly kind: 'messageReceived' | 'messageEdited' | 'messageDeleted'; readonly message: Message; readonly atMs: number }
    | { readonly kind: 'messageRead'; readonly reader: Actor; readonly messageId: number; readonly atMs: number }
    | { readonly kind: 'typing'; readonly sender: Actor; readonly atMs: number }
    | {
        readonly kind: 'threadCreated';
        readonly actor: Actor;
        readonly createdAtMs: number;
        readonly atMs: number;
        readonly properties: ThreadProperties;
        readonly participants: readonly NamedParticipant[];
      }
    | {
        readonly kind: 'threadUpdated';
        readonly actor: Actor;
        readonly createdAtMs: number;
        readonly atMs: number;
        readonly properties: ThreadProperties;
      }
    | {
        readonly kind: 'threadDeleted';
        readonly actor: Actor;
        readonly createdAtMs: number;
        readonly atMs: number;
        readonly reason: DeletionReason;
      }
    | {
        readonly kind: 'participantsAdded' | 'participantsRemoved';
        readonly actor: Actor;
        readonly createdAtMs: number;
        readonly atMs: number;
        readonly participants: readonly NamedParticipant[];
      }
  );

/** Hears of every fact once, in the order of their commits, after they are durable. */
export type ChatFactListener = (fact: ChatFact) => void;
