import type { FaultRules } from '../../faults/index.ts';
import type { HttpServer } from '../../http/index.ts';
import { type ChatRoutes, registerChatRoutes } from './chat/index.ts';
import { registerClockRoutes } from './clock.ts';
import { type EventRoutes, registerEventRoutes } from './events.ts';
import { registerEventListenerRoutes } from './event-listeners.ts';
import { type EventTopicRoutes, registerEventTopicRoutes } from './event-topics.ts';
import { registerFaultRoutes } from './faults.ts';
import { type FixtureRoutes, registerFixtureRoutes } from './fixtures.ts';
import { type MessageRetentionRoutes, registerMessageRetentionRoutes } from './message-retention.ts';
import { type PhoneNumberRoutes, registerPhoneNumberRoutes } from './phone-numbers.ts';
import { registerRequestRoutes } from './requests.ts';
import { registerResourceRoutes, type ResourceRoutes } from './resources.ts';
import { registerServerRoutes, type ServerRoutes } from './server.ts';
import { registerSmsRoutes, type SmsRoutes } from './sms/messages.ts';
import { registerStateRoutes, type StateRoutes } from './state.ts';

export type AdminRoutes = ServerRoutes &
  ChatRoutes &
  MessageRetentionRoutes &
  StateRoutes &
  EventRoutes &
  FixtureRoutes &
  EventTopicRoutes &
  PhoneNumberRoutes &
  SmsRoutes &
  Omit<ResourceRoutes, 'endpoint'> & { readonly faults: FaultRules };

/** The control surface of the server: every group of its routes. */
export function registerAdminRoutes(http: HttpServer, admin: AdminRoutes): void {
  registerServerRoutes(http, admin);
  registerResourceRoutes(http, { ...admin, endpoint: () => admin.status().endpoint });
  registerClockRoutes(http, admin.clock);
  registerMessageRetentionRoutes(http, admin);
  registerRequestRoutes(http);
  registerFaultRoutes(http, admin.faults);
  registerChatRoutes(http, admin);
  registerStateRoutes(http, admin);
  registerEventRoutes(http, admin);
  registerEventListenerRoutes(http, admin);
  registerFixtureRoutes(http, admin);
  registerEventTopicRoutes(http, admin);
  registerPhoneNumberRoutes(http, admin);
  registerSmsRoutes(http, admin);
}
