import { cancelPhoneNumberOperation, getPhoneNumberOperation, type LongRunningOperation } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { Operations } from '../operations/operations.ts';
import type { OperationRow } from '../store/migrations.ts';
import { numberPath, versioned } from './wire.ts';

export function registerOperationRoutes(http: HttpServer, operations: Operations): void {
  http.route(getPhoneNumberOperation, async ({ params, caller, apiVersion }) => {
    const operation = await operations.get(caller.resource.id, params.phoneNumberOperationId);
    const location = locationOf(operation);
    const body = wireOperation(operation, location === undefined ? null : versioned(location, apiVersion));
    return body.resourceLocation === null ? reply(200, body) : reply(200, body, { location: body.resourceLocation });
  });

  http.route(cancelPhoneNumberOperation, async ({ params, caller }) => {
    await operations.cancel(caller.resource.id, params.phoneNumberOperationId);
    return reply(204);
  });
}

/** What can be looked at afterwards. */
function locationOf({ type, subject }: OperationRow): string | undefined {
  if (type === 'search') return `/availablePhoneNumbers/searchResults/${subject}`;
  return type === 'updatePhoneNumberCapabilities' ? numberPath(subject) : undefined;
}

function wireOperation(operation: OperationRow, resourceLocation: string | null): LongRunningOperation {
  const { id, type, status, created_at, last_action_at, error_code: code, error_message: message } = operation;
  return {
    id,
    operationType: type,
    status,
    resourceLocation,
    createdDateTime: new Date(created_at).toISOString(),
    lastActionDateTime: new Date(last_action_at).toISOString(),
    ...(code === null ? {} : { error: { code, message: message ?? '' } }),
  };
}
