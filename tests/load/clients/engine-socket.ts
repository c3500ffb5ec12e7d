import { answeredInTime } from './deadline.ts';
import { readMarker } from './marker.ts';
import type { MemberSocketOptions } from './member-socket.ts';
import { WebSocketClient } from './web-socket.ts';

/**
 * Connects as a socket.io 4 client over WebSocket alone. Engine.IO 4 puts one digit in front of a packet (0 open, 2 ping,
 * 3 pong, 4 message), socket.io another one inside a message (0 connect, 2 event).
 */
export async function connectEngineSocket({ authority, port, room, onMessage, onLost }: MemberSocketOptions): Promise<WebSocketClient> {
  const target = `/socket.io/?EIO=4&transport=websocket${room === undefined ? '' : `&room=${room}`}`;
  const socket = await WebSocketClient.connect({ authority, port, target });
  const connected = Promise.withResolvers<void>();
  socket.listen({
    onText: (packet) => {
      if (packet.startsWith('42')) {
        const sequence = readMarker(packet);
        if (sequence !== undefined) onMessage(sequence);
      } else if (packet === '2') socket.send('3');
      else if (packet.startsWith('0')) socket.send('40');
      else if (packet.startsWith('40')) connected.resolve();
    },
    onLost: (error) => {
      connected.reject(error);
      onLost(error);
    },
  });
  await answeredInTime(connected.promise, 'the connect packet of socket.io');
  return socket;
}
