import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { ManualTimers, recordingLog } from '../../lib/testing.ts';
import type { Bind, BindCommand, Pdu } from '../pdu/body.ts';
import { bytesOf, pdusOf } from '../pdu/testing.ts';
import { Splitter } from '../pdu/splitter.ts';
import { Session } from './session.ts';
import { SESSION_LIMITS, type SessionEnd, type SessionLimits, type SessionOptions } from './session-options.ts';

const HOST = '127.0.0.1';

/** The other end of a connection: it sends what the test says, and keeps what comes. */
export class Peer implements Disposable {
  readonly socket: Socket;
  readonly #splitter = new Splitter(100_000);
  readonly #pdus: Pdu[] = [];
  #isOver = false;
  #changed = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#splitter.push(chunk);
      for (let frame = this.#splitter.next(); frame !== undefined; frame = this.#splitter.next())
        this.#pdus.push(...pdusOf(frame.bytes.subarray(frame.start, frame.end)));
      this.#wake();
    });
    socket.on('error', () => this.#end());
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
  }

  static async open(port: number): Promise<Peer> {
    const socket = connect({ port, host: HOST });
    await once(socket, 'connect');
    return new Peer(socket);
  }

  send(...bytes: readonly Uint8Array[]): void {
    for (const some of bytes) this.socket.write(some);
  }

  /** Sends PDUs; sequence numbers go up from 1 where none is given. */
  tell(...pdus: readonly (Partial<Pdu> & Pick<Pdu, 'body'>)[]): void {
    this.send(Buffer.concat(pdus.map((pdu, index) => bytesOf({ sequence: index + 1, ...pdu }))));
  }

  /** The next PDU that came. @throws Error when the connection ends instead */
  async next(): Promise<Pdu> {
    while (this.#pdus.length === 0) {
      if (this.#isOver) throw new Error('the connection has ended');
      await this.#changed.promise;
    }
    return this.#pdus.shift()!;
  }

  async take(count: number): Promise<Pdu[]> {
    const pdus: Pdu[] = [];
    while (pdus.length < count) pdus.push(await this.next());
    return pdus;
  }

  /** What came and was not taken when the connection has ended. */
  async rest(): Promise<readonly Pdu[]> {
    while (!this.#isOver) await this.#changed.promise;
    return this.#pdus;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #end(): void {
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

export interface Scene extends AsyncDisposable {
  readonly session: Session;
  readonly peer: Peer;
  /** Our end of the connection. */
  readonly socket: Socket;
  readonly timers: ManualTimers;
  readonly ended: Promise<SessionEnd>;
  readonly logLines: readonly string[];
}

type SceneOptions = Partial<Omit<SessionOptions, 'limits'>> & { readonly limits?: Partial<SessionLimits> };

/** A session over a real connection, with time that passes when the test says so. */
export async function openScene({ limits, ...options }: SceneOptions = {}): Promise<Scene> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  // Not a pipe: listening on a port.
  const { port } = server.address() as AddressInfo;
  const [peer, [socket]] = await Promise.all([Peer.open(port), once(server, 'connection') as Promise<[Socket]>]);
  const timers = new ManualTimers();
  const ended = Promise.withResolvers<SessionEnd>();
  const { log, lines } = recordingLog();
  const session = new Session({
    socket,
    side: 'smsc',
    timers,
    log,
    limits: { ...SESSION_LIMITS, ...limits },
    onRequest: () => ({ status: 0 }),
    onBind: () => Promise.resolve({ status: 0 }),
    onEnd: ended.resolve,
    ...options,
  });
  return {
    session,
    peer,
    socket,
    timers,
    ended: ended.promise,
    logLines: lines,
    async [Symbol.asyncDispose]() {
      session.close('the test is over');
      peer.socket.destroy();
      socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export function bindBody(command: BindCommand = 'bind_transceiver'): Bind {
  return {
    command,
    systemId: 'tests',
    password: 'secret',
    systemType: '',
    interfaceVersion: 0x34,
    addressRange: { ton: 0, npi: 0, address: '' },
  };
}

/** The session is of an SMSC, and the peer has bound to it. */
export async function openBound(options: SceneOptions = {}, command: BindCommand = 'bind_transceiver'): Promise<Scene> {
  const scene = await openScene(options);
  scene.peer.tell({ body: bindBody(command) });
  await scene.peer.next();
  return scene;
}
