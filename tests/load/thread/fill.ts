import type { ChatApi, User } from '../clients/chat-api.ts';
import { markedText } from '../clients/marker.ts';

const sendsInFlight = 64;
const progressEvery = 100_000;

export interface Filling {
  readonly user: User;
  readonly messages: number;
  readonly progress: (text: string) => void;
}

/** Makes a thread of the user alone, with so many messages, all sent over HTTP. @returns its id */
export async function filledThread(api: ChatApi, { user, messages, progress }: Filling): Promise<string> {
  const threadId = await api.createThread([user]);
  const request = api.sendRequest(user, threadId);
  let sent = 0;
  async function worker(): Promise<void> {
    while (sent < messages) {
      sent += 1;
      if (sent % progressEvery === 0) progress(`${sent} of ${messages} messages`);
      await api.send(request(markedText(sent)));
    }
  }
  await Promise.all(Array.from({ length: sendsInFlight }, worker));
  return threadId;
}
