import { answeredInTime } from './deadline.ts';
import { readMarker } from './marker.ts';
import { WebSocketClient } from './web-socket.ts';

export interface XmppOptions {
  readonly port: number;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly onMessage: (sequence: number) => void;
  readonly onLost: (error: Error) => void;
}

interface AwaitedStanza {
  /** What the stanza contains. */
  readonly text: string;
  readonly resolve: (stanza: string) => void;
  readonly reject: (error: Error) => void;
}

/** An XMPP session over WebSocket (RFC 7395: one stanza a frame), logged in and available. */
export class XmppSocket {
  readonly #socket: WebSocketClient;
  readonly #options: XmppOptions;
  #awaited: AwaitedStanza | undefined;

  private constructor(socket: WebSocketClient, options: XmppOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.listen({ onText: (stanza) => this.#handle(stanza), onLost: (error) => this.#lost(error) });
  }

  static async connect(options: XmppOptions): Promise<XmppSocket> {
    const { port, domain, user, password } = options;
    const socket = await WebSocketClient.connect({ authority: `${domain}:${port}`, port, target: '/ws', protocol: 'xmpp' });
    const client = new XmppSocket(socket, options);
    const open = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${domain}" version="1.0"/>`;
    await client.request(open, '<stream:features');
    const credentials = Buffer.from(`\0${user}\0${password}`).toString('base64');
    await client.request(`<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${credentials}</auth>`, '<success');
    await client.request(open, '<stream:features');
    await client.request('<iq type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>', "id='bind'");
    client.send('<presence/>');
    return client;
  }

  /** Sends a stanza and resolves with the next frame that contains `answerText`. One request at a time. */
  request(stanza: string, answerText: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#awaited = { text: answerText, resolve, reject };
    this.#socket.send(stanza);
    return answeredInTime(promise, stanza);
  }

  send(stanza: string): void {
    this.#socket.send(stanza);
  }

  close(): void {
    this.#socket.close();
  }

  #handle(stanza: string): void {
    if (this.#awaited !== undefined) this.#answer(this.#awaited, stanza);
    else if (stanza.startsWith('<message')) {
      const sequence = readMarker(stanza);
      if (sequence !== undefined) this.#options.onMessage(sequence);
    }
  }

  #answer({ text, resolve, reject }: AwaitedStanza, stanza: string): void {
    const refused = stanza.startsWith('<failure') || stanza.includes("type='error'");
    if (!refused && !stanza.includes(text)) return;
    this.#awaited = undefined;
    if (refused) reject(new Error(`the XMPP server refused: ${stanza}`));
    else resolve(stanza);
  }

  #lost(error: Error): void {
    this.#awaited?.reject(error);
    this.#options.onLost(error);
  }
}
