import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Inbox } from './inbox.ts';
import type { ConnectionEvent, FromChild, SdkEvent, ToChild } from './sdk-live-messages.ts';
import type { TestServer } from './server.ts';

const HOOK = new URL('../../chat-node/src/register.mjs', import.meta.url).href;
const CHILD = fileURLToPath(new URL('./sdk-live-child.ts', import.meta.url));

export interface SdkLiveOptions {
  /** First token of the credential; without one the refresher is asked at once. */
  readonly token?: string;
  /** Gives a token whenever the SDK asks for one. */
  readonly refresher?: () => string | Promise<string>;
  readonly refreshesProactively?: boolean;
}

type ChildEvent = Extract<FromChild, { kind: 'event' }>;

/** The unmodified chat SDK with live events, in a process of its own: its signalling needs a hook that must be there first. */
export class SdkLive implements AsyncDisposable {
  readonly events = new Inbox<ChildEvent>('an event of the SDK');
  /** How often the SDK asked for a token. */
  asked = 0;
  readonly #process: ChildProcess;
  readonly #answers = new Inbox<FromChild>('an answer of the SDK process');
  readonly #refresher: (() => string | Promise<string>) | undefined;

  constructor(server: TestServer, refresher: SdkLiveOptions['refresher']) {
    this.#refresher = refresher;
    this.#process = spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', '--import', HOOK, CHILD], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Keeps dates what they are.
      serialization: 'advanced',
      env: { ...process.env, NODE_EXTRA_CA_CERTS: server.ready.caFile },
    });
    this.#process.on('message', (message: FromChild) => void this.#hear(message));
  }

  /** The payload of the next event of this name in this thread. */
  async event<T extends { readonly threadId: string }>(name: SdkEvent, threadId: string): Promise<T> {
    const { payload } = await this.events.take((event) => event.name === name && event.payload?.threadId === threadId);
    // Its shape is what the caller asserts on.
    return payload as T;
  }

  async connection(name: ConnectionEvent, timeoutMs?: number): Promise<void> {
    await this.events.take((event) => event.name === name, timeoutMs);
  }

  /** @returns the message of the failure, undefined when the start succeeded */
  async start(endpoint: string, options: SdkLiveOptions): Promise<string | undefined> {
    this.#tell({
      kind: 'start',
      endpoint,
      refreshesProactively: options.refreshesProactively ?? false,
      ...(options.token === undefined ? {} : { token: options.token }),
    });
    const answer = await this.#answers.take();
    return answer.kind === 'failed' ? answer.message : undefined;
  }

  /** Moves the clock and the timers of the process forward. */
  async advance(byMs: number): Promise<void> {
    this.#tell({ kind: 'advance', byMs });
    await this.#answers.take((answer) => answer.kind === 'advanced');
  }

  async stop(): Promise<void> {
    this.#tell({ kind: 'stop' });
    await this.#answers.take((answer) => answer.kind === 'stopped');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  async #hear(message: FromChild): Promise<void> {
    if (message.kind === 'event') this.events.put(message);
    else if (message.kind === 'ask-token') {
      this.asked += 1;
      this.#tell({ kind: 'token', token: (await this.#refresher?.()) ?? '' });
    } else this.#answers.put(message);
  }

  #tell(message: ToChild): void {
    this.#process.send(message);
  }
}

/** Starts the SDK in a process of its own and waits until it is connected. */
export async function startSdkLive(server: TestServer, options: SdkLiveOptions): Promise<SdkLive> {
  const live = new SdkLive(server, options.refresher);
  try {
    const failure = await live.start(server.endpoint, options);
    if (failure !== undefined) throw new Error(`startRealtimeNotifications failed: ${failure}`);
    await live.connection('realTimeNotificationConnected');
    return live;
  } catch (error) {
    await live[Symbol.asyncDispose]();
    throw error;
  }
}
