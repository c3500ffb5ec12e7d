import { pushHandler, type PushOptions } from './push-handler.ts';
import { WebSocketClient } from './web-socket.ts';

export interface MemberSocketOptions extends PushOptions {
  readonly authority: string;
  readonly port: number;
  /** Undefined: in no room. */
  readonly room: number | undefined;
}

/** Connects to the bare reference server: the packets of live push without anything that leads to them. */
export async function connectMemberSocket(options: MemberSocketOptions): Promise<WebSocketClient> {
  const { authority, port, room, onLost } = options;
  const socket = await WebSocketClient.connect({ authority, port, target: `/socket${room === undefined ? '' : `?room=${room}`}` });
  socket.listen({ onText: pushHandler(socket, options), onLost });
  return socket;
}
