import { ApiError } from '../lib/errors.ts';

const target = 'aeg-sas-token';
const keyCure = 'Send one of the keys that listKeys of the topic (or POST /admin/events/topics) gives in the header aeg-sas-key.';

/** Refusals of who publishes to a custom topic. */
export const topicErrors = {
  noCredentials: () =>
    new ApiError('Unauthorized', 'Publishing needs a key of the topic in the header aeg-sas-key, or a signature in aeg-sas-token.', {
      target: 'aeg-sas-key',
      explanation: { rule: 'auth.missing', cure: keyCure },
    }),
  noDirectory: () =>
    new ApiError('Unauthorized', 'Publishing with a directory (Entra ID) token is not supported yet; send a key or a signature.', {
      target: 'Authorization',
      explanation: { rule: 'topic.no-directory', cure: keyCure },
    }),
  unknown: (name: string) =>
    new ApiError('NotFound', `There is no custom topic ${JSON.stringify(name.slice(0, 80))}.`, {
      explanation: { rule: 'topic.unknown', cure: 'List the topics with GET /admin/events/topics; each shows its endpoint.' },
    }),
  keysDisabled: (name: string) =>
    new ApiError('Unauthorized', `The topic ${name} takes no keys: its disableLocalAuth is true.`, {
      target: 'aeg-sas-key',
      explanation: { rule: 'topic.keys-disabled', cure: 'Set disableLocalAuth of the topic to false.' },
    }),
  wrongKey: (name: string) =>
    new ApiError('Unauthorized', `The key is none of the topic ${name}.`, {
      target: 'aeg-sas-key',
      explanation: { rule: 'topic.wrong-key', cure: `${keyCure} A regenerated key no longer works.` },
    }),
  malformedToken: (problem: string) =>
    new ApiError('Unauthorized', `The signature is not acceptable: ${problem}.`, {
      target,
      explanation: { rule: 'topic.malformed-signature', cure: 'Make it with generateSharedAccessSignature of @azure/eventgrid.' },
    }),
  wrongToken: (name: string) =>
    new ApiError('Unauthorized', `The signature was not made with a key of the topic ${name}.`, {
      target,
      explanation: { rule: 'topic.wrong-signature', cure: 'Sign the text r=…&e=… as it is sent, with the base64-decoded key.' },
    }),
  expiredToken: (expiresAt: Date) =>
    new ApiError('Unauthorized', `The signature expired at ${expiresAt.toISOString()}.`, {
      target,
      explanation: {
        rule: 'topic.expired-signature',
        cure: 'Make a new one; its date is UTC and judged by real time, also under a virtual clock.',
      },
    }),
};
