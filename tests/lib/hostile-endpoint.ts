import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What an endpoint does to a delivery. */
export type Misbehaviour = (socket: Socket) => void;

/** A webhook that agrees to events and then treats each delivery as the test says, byte by byte. */
export class HostileEndpoint implements AsyncDisposable {
  readonly url: string;
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  static async open(misbehave: Misbehaviour): Promise<HostileEndpoint> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      let text = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
        const code = /"validationCode":"([^"]+)"/.exec(text)?.[1];
        if (code !== undefined) socket.end(answer(JSON.stringify({ validationResponse: code })));
        else if (text.includes('aeg-event-type: Notification')) misbehave(socket);
        else return;
        socket.removeAllListeners('data').resume();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
  }

  /** From now on nothing listens there. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

function answer(body: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
}
