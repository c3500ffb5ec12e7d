import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { DataMessage, Message, MessageAnswer } from '../pdu/body.ts';
import type { Tlv } from '../pdu/tlv.ts';
import type { Outcome } from '../session/outcome.ts';
import { Accounts } from './accounts.ts';
import { Esme } from './esme.ts';
import type { SmppListenerOptions } from './listener-options.ts';

/** An SMSC's listener: ESMEs bind to it, submit, and are delivered to. */
export class SmppListener {
  readonly #options: SmppListenerOptions;
  readonly #server: Server;
  /** Those within a TLS handshake, too. */
  readonly #sockets = new Set<Socket>();
  readonly #esmes = new Set<Esme>();
  /** In the order in which they came. */
  readonly #unbound = new Set<Esme>();
  readonly #accounts = new Accounts();

  private constructor(options: SmppListenerOptions) {
    const { tls, limits, log } = options;
    this.#options = options;
    const accept = (socket: Socket): void => this.#accept(socket);
    this.#server = tls === undefined ? createServer(accept) : createTlsServer({ ...tls, handshakeTimeout: limits.bindTimeoutMs }, accept);
    this.#server.maxConnections = limits.maxConnections;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Node closes the connection, which was nobody's yet.
    this.#server.on('tlsClientError', (error: Error) => log.debug({ err: error }, 'a TLS handshake of an ESME failed'));
  }

  /** @throws what listening throws: the port is taken, or may not be bound */
  static open(options: SmppListenerOptions): Promise<SmppListener> {
    const listener = new SmppListener(options);
    const server = listener.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: options.host, port: options.port }, () => {
        server.off('error', reject).on('error', (error) => options.log.error({ err: error }, 'the SMPP listener failed'));
        resolve(listener);
      });
    });
  }

  get port(): number {
    // Not a pipe: listening on a port.
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many sessions of an account are bound. */
  sessionsOf(account: string): number {
    return this.#accounts.count(account);
  }

  /** Hands a message to the account's receiver that has the least to do. Never rejects. */
  deliver(account: string, message: Message | DataMessage, tlvs: readonly Tlv[] = []): Promise<Outcome<MessageAnswer>> {
    return this.#accounts.deliver(account, message, tlvs);
  }

  /** Ends the sessions of an account, such as one that may not bind any more. */
  disconnect(account: string, reason: string): void {
    for (const session of this.#accounts.of(account)) session.close(reason);
  }

  /** Takes no more connections, and leave of the ESMEs; resolves when all are gone, which are cut off after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const cutOff = this.#options.timers.after(graceMs, () => {
      for (const { session } of [...this.#esmes]) session.close('the server is closing');
      for (const socket of this.#sockets) socket.destroy();
    });
    await Promise.all([...this.#esmes].map(({ session }) => session.unbind()));
    await closed;
    cutOff.cancel();
  }

  #accept(socket: Socket): void {
    const esme = new Esme({
      socket,
      listener: this.#options,
      accounts: this.#accounts,
      onBound: () => this.#unbound.delete(esme),
      onEnd: () => {
        this.#unbound.delete(esme);
        this.#esmes.delete(esme);
      },
    });
    this.#esmes.add(esme);
    this.#unbound.add(esme);
    if (this.#unbound.size > this.#options.limits.maxUnbound) this.#closeOldestUnbound();
  }

  #closeOldestUnbound(): void {
    for (const { session } of this.#unbound) return session.close('too many connections do not bind', 'silent');
  }
}
