import { readMarker } from './marker.ts';
import type { WebSocketClient } from './web-socket.ts';

export interface PushOptions {
  /** Whether to answer pushes as the stock client does. */
  readonly answersPushes: boolean;
  /** A pushed message that carries a marker. */
  readonly onMessage: (sequence: number) => void;
  readonly onLost: (error: Error) => void;
}

/** A stock client would give the connection up; the bench fails, since work left undone is not fast. */
const mostUnacknowledged = 500;
const acceptedPush = String.raw`,"status":200,"headers":{"MS-CV":"x.1.0","trouter-client":"{\"cd\":1}"},"body":""}`;

/**
 * What a client does with pushes: takes the message and, as the stock client, answers with a response and a `ping` that
 * the server has to acknowledge. @returns a function that handles such a packet and says whether it was one
 */
export function pushHandler(socket: WebSocketClient, { answersPushes, onMessage, onLost }: PushOptions): (packet: string) => boolean {
  // Event ids count from the `user.activity` that is sent when connected.
  let lastEvent = 1;
  let acknowledged = 0;
  return (packet) => {
    if (packet.startsWith('6:::')) {
      acknowledged += 1;
      return true;
    }
    if (!packet.startsWith('3:::')) return false;
    const sequence = readMarker(packet);
    if (sequence !== undefined) onMessage(sequence);
    if (!answersPushes) return true;
    answer(socket, packet, (lastEvent += 1));
    if (lastEvent - acknowledged > mostUnacknowledged) onLost(new Error('the server does not acknowledge pings'));
    return true;
  };
}

function answer(socket: WebSocketClient, packet: string, eventId: number): void {
  const start = packet.indexOf('"id":') + 5;
  const pushId = packet.slice(start, packet.indexOf(',', start));
  socket.send(`3:::{"id":${pushId}${acceptedPush}`);
  socket.send(`5:${eventId}+::{"name":"ping"}`);
}
