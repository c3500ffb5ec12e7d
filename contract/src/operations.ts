import * as admin from './admin/index.ts';
import * as arm from './arm/index.ts';
import * as chat from './chat/index.ts';
import * as events from './events/index.ts';
import * as identity from './identity.ts';
import * as live from './live.ts';
import type { Operation } from './operation.ts';
import * as phoneNumbers from './phone-numbers/index.ts';
import * as sms from './sms/index.ts';

/** Every operation of the contract, for what treats them all alike: reference pages, tests. */
export const OPERATIONS: readonly Operation[] = [admin, arm, chat, events, identity, live, phoneNumbers, sms]
  .flatMap((module): unknown[] => Object.values(module))
  .filter(isOperation);

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'responses' in value;
}
