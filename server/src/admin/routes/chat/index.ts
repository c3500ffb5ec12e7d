import type { HttpServer } from '../../../http/index.ts';
import type { ResourceService } from '../../../resources/index.ts';
import { DEFAULT_RESOURCE } from '../resources.ts';
import { registerActingRoutes } from './acting.ts';
import { registerInboxRoute } from './inbox.ts';
import type { ChatRouteParts } from './parts.ts';
import { registerPresenceRoutes } from './presence.ts';
import { registerThreadRoutes } from './threads.ts';

export interface ChatRoutes extends Omit<ChatRouteParts, 'resourceOf'> {
  readonly resources: ResourceService;
}

/** Chat as an administrator sees it and acts in it. */
export function registerChatRoutes(http: HttpServer, { chat, identities, resources }: ChatRoutes): void {
  const parts: ChatRouteParts = { chat, identities, resourceOf: (name) => resources.byName(name ?? DEFAULT_RESOURCE) };
  registerThreadRoutes(http, parts);
  registerActingRoutes(http, parts);
  registerInboxRoute(http, parts);
  registerPresenceRoutes(http, parts);
}
