import type { DataMessage, Message, MessageAnswer } from '../pdu/body.ts';
import type { Tlv } from '../pdu/tlv.ts';
import type { Outcome } from '../session/outcome.ts';
import type { Session } from '../session/session.ts';

/** The bound sessions of each account. */
export class Accounts {
  readonly #sessions = new Map<string, Set<Session>>();

  count(account: string): number {
    return this.#sessions.get(account)?.size ?? 0;
  }

  add(account: string, session: Session): void {
    const sessions = this.#sessions.get(account);
    if (sessions === undefined) this.#sessions.set(account, new Set([session]));
    else sessions.add(session);
  }

  remove(account: string, session: Session): void {
    const sessions = this.#sessions.get(account);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#sessions.delete(account);
  }

  /** The session that may be delivered to and has the least to do; undefined when there is none. */
  receiver(account: string): Session | undefined {
    let least: Session | undefined;
    for (const session of this.#sessions.get(account) ?? []) {
      if (session.bound === undefined || session.bound === 'transmitter') continue;
      if (least === undefined || session.outstanding < least.outstanding) least = session;
    }
    return least;
  }

  deliver(account: string, message: Message | DataMessage, tlvs: readonly Tlv[]): Promise<Outcome<MessageAnswer>> {
    const session = this.receiver(account);
    return session?.request(message, tlvs) ?? Promise.resolve({ kind: 'unsent', reason: 'no receiver of this account is bound' });
  }

  of(account: string): readonly Session[] {
    return [...(this.#sessions.get(account) ?? [])];
  }
}
