import { Type } from 'typebox';
import { operation } from '../operation.ts';

/**
 * What the validation URL of a handshake leads to. Opening it is the consent: its token is the credential, can be used
 * once, and is known to nobody but us and whoever reads what is sent to the endpoint.
 */
const validation = {
  path: '/eventSubscriptions/{eventSubscriptionName}/validate',
  auth: 'none',
  apiVersion: false,
  params: Type.Object({ eventSubscriptionName: Type.String({ maxLength: 64 }) }),
  query: Type.Object({ id: Type.String({ maxLength: 64 }), token: Type.String({ maxLength: 128 }) }),
  responses: { 200: Type.Object({ message: Type.String() }) },
} as const;

export const validateEventSubscription = operation({
  ...validation,
  id: 'EventSubscriptions_Validate',
  method: 'GET',
  summary: 'Agrees to an event subscription by the URL that its endpoint was sent',
});

export const allowEventSubscription = operation({
  ...validation,
  id: 'EventSubscriptions_Allow',
  method: 'POST',
  summary: 'The same as CloudEvents webhooks do it; the header `WebHook-Allowed-Rate` may limit the requests per minute',
});
