export { Authenticator } from './auth/authenticator.ts';
export { reply } from './call.ts';
export type { Caller } from './exchange.ts';
export { httpErrors } from './errors.ts';
export { HttpServer, LISTENER_OPTIONS, type FileAnswer } from './http-server.ts';
export { parseJsonBody } from './json-body.ts';
export { type Listing, page, syncNumber } from './paging.ts';
export { OriginPolicy } from './origins.ts';
export { textOfUser } from './ports.ts';
export type {
  AccessKey,
  ResourceDirectory,
  ResourceRef,
  TokenGrant,
  TopicDirectory,
  TopicRef,
  TokenVerifier,
  UserKey,
  VerifiedToken,
} from './ports.ts';
export { Repeatability, repeatabilityMigrations } from './repeatability.ts';
export { StateGate } from './state-gate.ts';
export { Upgrades, type Upgrade } from './upgrades.ts';
export { checkUpgrade, switchingProtocols, type UpgradeRefusal } from './websocket/handshake.ts';
export { TextMatch } from './text-match.ts';
export { checkedBody } from './validation.ts';
export { waitMsOf } from './wait.ts';
export { WebSocketConnection } from './websocket/connection.ts';
export { TlsContexts } from './tls/index.ts';
