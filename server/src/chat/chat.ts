import type { KeyObject } from 'node:crypto';
import type { Events } from '../events/index.ts';
import type { PushFaults } from '../faults/index.ts';
import type { HttpServer, Repeatability, TokenVerifier, Upgrades } from '../http/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { Backlog } from '../lib/backlog.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { Timers } from '../lib/timers.ts';
import type { RateLimiter } from '../limits/index.ts';
import type { ResourceService } from '../resources/index.ts';
import type { Storage } from '../storage/index.ts';
import { ChatContext } from './chat-context.ts';
import { publishFact } from './events/chat-events.ts';
import { CleanUp } from './clean-up.ts';
import { ChatHistory } from './history.ts';
import { Disconnections } from './live/disconnections.ts';
import { DisturbedPushes } from './live/disturbed-pushes.ts';
import { LiveGateway } from './live/live-gateway.ts';
import { LiveHub } from './live/live-hub.ts';
import { Presence } from './live/presence.ts';
import { LiveSessions } from './live/session.ts';
import { MessageService } from './message-service.ts';
import { ActingAdministrator } from './oversight/acting-administrator.ts';
import { Inbox } from './oversight/inbox.ts';
import { ThreadOversight } from './oversight/thread-oversight.ts';
import { ParticipantService } from './participant-service.ts';
import { ReadReceiptService } from './read-receipt-service.ts';
import type { MessageRetention } from './retention.ts';
import { RetentionSweep } from './retention-sweep.ts';
import { registerMessageRoutes } from './routes/message-routes.ts';
import { registerParticipantRoutes } from './routes/participant-routes.ts';
import { registerReadReceiptRoutes } from './routes/read-receipt-routes.ts';
import { registerThreadRoutes } from './routes/thread-routes.ts';
import { installThreadExpiry } from './thread-expiry.ts';
import { ThreadService } from './thread-service.ts';

export interface ChatOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly tokens: TokenVerifier;
  readonly identities: IdentityService;
  readonly resources: ResourceService;
  readonly repeatability: Repeatability;
  readonly events: Events;
  readonly faults: PushFaults;
  readonly rates: RateLimiter;
  /** Counts what waits for live clients that do not read. */
  readonly backlog: Backlog;
  /** Signs the sessions of live connections. */
  readonly sessionKey: KeyObject;
  /** Whether live clients may come back over /v4/c. */
  readonly offersQuick: boolean;
}

/** The chat service: threads, messages, participants, and their live events. */
export class Chat {
  readonly live: LiveHub;
  readonly presence: Presence;
  readonly disconnections: Disconnections;
  /** What an administrator sees. */
  readonly oversight: ThreadOversight;
  /** What an administrator does. */
  readonly administrator: ActingAdministrator;
  readonly inbox: Inbox;
  /** What is stored as if it had happened before. */
  readonly history: ChatHistory;
  readonly #threads: ThreadService;
  readonly #participants: ParticipantService;
  readonly #messages: MessageService;
  readonly #receipts: ReadReceiptService;
  readonly #gateway: LiveGateway;
  readonly #sweep: RetentionSweep;

  constructor(options: ChatOptions) {
    this.disconnections = new Disconnections({
      ...options,
      isConnected: (user) => this.live.countOf(user) > 0,
      connected: () => this.live.users(),
    });
    this.live = new LiveHub({ ...options, watcher: this.disconnections });
    const pushes = new DisturbedPushes({ ...options, hub: this.live });
    const context = new ChatContext({
      ...options,
      announce: (fact) => {
        pushes.push(fact);
        this.inbox.hear(fact);
      },
      record: (tx, fact) => publishFact(options.events, fact, tx),
      recordAlone: (fact) => publishFact(options.events, fact),
    });
    this.inbox = new Inbox({ ...options, context });
    this.history = new ChatHistory(context);
    this.#threads = new ThreadService(context, options.repeatability);
    this.#participants = new ParticipantService(context, this.#threads);
    this.#messages = new MessageService(context);
    this.#receipts = new ReadReceiptService(context);
    this.#gateway = new LiveGateway({ ...options, hub: this.live, sessions: new LiveSessions(options.sessionKey) });
    this.#sweep = new RetentionSweep({ ...options, context });
    installThreadExpiry(options.storage.due, context);
    const cleanUp = new CleanUp({ ...options, context, participants: this.#participants });
    cleanUp.install();
    this.presence = new Presence({ ...options, hub: this.live });
    this.oversight = new ThreadOversight({ context, purge: (resourceId, threadNo) => cleanUp.purgeThread(resourceId, threadNo) });
    this.administrator = new ActingAdministrator({
      context,
      threads: this.#threads,
      participants: this.#participants,
      messages: this.#messages,
      receipts: this.#receipts,
    });
    options.storage.state.onReplaced(async () => {
      context.forgetAll();
      pushes.forget();
      this.inbox.forgetAll();
      this.live.beginAnew();
      await this.disconnections.begin();
    });
  }

  /** Catches up with what was set differently while no server ran; resolves when that is scheduled. */
  async start(): Promise<void> {
    await this.disconnections.begin();
    await this.#sweep.followAll();
  }

  /** An administrator's setting, see {@link ThreadService.keepMessages}. */
  keepMessages(resourceId: string, threadId: string, days: number | undefined): Promise<MessageRetention> {
    return this.#threads.keepMessages(resourceId, threadId, days);
  }

  register(http: HttpServer, upgrades: Upgrades): void {
    registerThreadRoutes(http, this.#threads);
    registerMessageRoutes(http, this.#messages);
    registerParticipantRoutes(http, this.#participants);
    registerReadReceiptRoutes(http, this.#receipts);
    this.#gateway.register(http, upgrades);
  }
}
