import type { KeyRing } from '../storage/index.ts';

export type Metadata = Readonly<Record<string, string>>;

export interface RetentionPolicy {
  readonly kind: 'none' | 'threadCreationDate';
  readonly deleteThreadAfterDays?: number;
}

/** Why a thread is gone, in the words of ACS. */
export type DeletionReason = 'deletedByUser' | 'deletedByPolicy';

/** What a thread says about itself. */
export interface ThreadProperties {
  readonly topic: string;
  readonly metadata?: Metadata;
  readonly retentionPolicy?: RetentionPolicy;
}

/** What is kept of a participant beside the id. */
export interface Profile {
  readonly displayName?: string;
  readonly metadata?: Metadata;
  /** The last topic that a removed participant knew. */
  readonly topicWhenRemoved?: string;
}

/** A participant as a system message remembers it. */
export interface NamedParticipant extends Profile {
  readonly userId: string;
  readonly historyFromMs: number;
}

export type MessageType = 'text' | 'html' | 'topicUpdated' | 'participantAdded' | 'participantRemoved';

/** The private part of a message: what a user wrote, or what a system message tells. */
export interface MessageContent {
  readonly text?: string;
  readonly senderDisplayName?: string;
  readonly metadata?: Metadata;
  readonly topic?: string;
  readonly participants?: readonly NamedParticipant[];
  readonly initiator?: string;
}

/**
 * Seals the private parts of chat rows. Each is bound to its row by the thread's id and its own, so that sealed bytes
 * moved to another row do not open.
 */
export class ContentSeal {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  sealProperties(threadId: string, properties: ThreadProperties): Buffer {
    return this.#keys.seal(JSON.stringify(properties), `thread ${threadId}`);
  }

  openProperties(threadId: string, sealed: Uint8Array): ThreadProperties {
    return this.#open(sealed, `thread ${threadId}`) as ThreadProperties;
  }

  sealProfile(threadId: string, userId: string, profile: Profile): Buffer {
    return this.#keys.seal(JSON.stringify(profile), `participant ${threadId} ${userId}`);
  }

  openProfile(threadId: string, userId: string, sealed: Uint8Array): Profile {
    return this.#open(sealed, `participant ${threadId} ${userId}`) as Profile;
  }

  sealContent(threadId: string, messageId: number, content: MessageContent): Buffer {
    return this.#keys.seal(JSON.stringify(content), `message ${threadId} ${messageId}`);
  }

  openContent(threadId: string, messageId: number, sealed: Uint8Array): MessageContent {
    return this.#open(sealed, `message ${threadId} ${messageId}`) as MessageContent;
  }

  #open(sealed: Uint8Array, place: string): unknown {
    return JSON.parse(this.#keys.unseal(sealed, place).toString('utf8'));
  }
}
