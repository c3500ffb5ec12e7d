import { ApiError } from '../lib/errors.ts';

/** Refusals of the HTTP layer itself. */
export const httpErrors = {
  noCredentials: (wanted: string) =>
    new ApiError('Unauthorized', `This operation needs ${wanted}; the request carries no credentials.`, {
      target: 'Authorization',
      explanation: { rule: 'auth.missing', cure: `Send ${wanted} in the Authorization header.` },
    }),
  wrongCredentials: (wanted: string, found: string) =>
    new ApiError('Unauthorized', `This operation needs ${wanted}; the request carries ${found}.`, {
      target: 'Authorization',
      explanation: { rule: 'auth.wrong-kind', cure: `Send ${wanted} instead of ${found}.` },
    }),
  severalCredentials: () =>
    new ApiError('Denied', 'The Authorization header is given more than once.', {
      target: 'Authorization',
      explanation: { rule: 'auth.several', cure: 'Send exactly one Authorization header.' },
    }),
  malformedSignature: () =>
    new ApiError(
      'Denied',
      'The Authorization header is not of the form "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=<base64>".',
      {
        target: 'Authorization',
        explanation: { rule: 'signature.malformed', cure: 'Use an SDK, or sign as the reference page "Access key signatures" shows.' },
      },
    ),
  wrongSignature: () =>
    new ApiError(
      'Denied',
      'The signature does not match: no access key of this resource made it over this method, target, date, host and content hash.',
      {
        target: 'Authorization',
        explanation: {
          rule: 'signature.wrong',
          cure: 'Check that the connection string is the one this server printed, that the key was not regenerated, and that a proxy keeps the host (or that its public host is configured).',
        },
      },
    ),
  dateSkew: (header: string, value: string) =>
    new ApiError(
      'Denied',
      `The signed date ${JSON.stringify(value)} in ${header} is missing, malformed, or more than 15 minutes from the server's time.`,
      {
        target: header,
        explanation: {
          rule: 'signature.date',
          cure: "Set the client's clock; the signature's freshness is judged by real time, also under a virtual clock.",
        },
      },
    ),
  contentHash: (computed: string) =>
    new ApiError('Denied', `The x-ms-content-sha256 header differs from the hash of the received body, ${computed}.`, {
      target: 'x-ms-content-sha256',
      explanation: {
        rule: 'signature.content-hash',
        cure: 'Hash the exact bytes that are sent; something between client and server may have changed the body.',
      },
    }),
  unknownHost: (host: string) =>
    new ApiError('NotFound', `No resource answers on host ${JSON.stringify(host.slice(0, 255))}.`, {
      target: 'Host',
      explanation: {
        rule: 'host.unknown',
        cure: 'Use the endpoint of the connection string, <resource>.localhost, the host of a custom topic with its location, or add the name to the publicHosts setting.',
      },
    }),
  malformedHost: (reason: string) =>
    new ApiError('BadRequest', `The Host header ${reason}.`, {
      target: 'Host',
      explanation: { rule: 'host.malformed', cure: 'Send exactly one Host header.' },
    }),
  foreignOrigin: (origin: string) =>
    new ApiError('Forbidden', `Origin ${JSON.stringify(origin.slice(0, 255))} may not call this address.`, {
      target: 'Origin',
      explanation: { rule: 'origin.foreign', cure: 'Call the HTTPS endpoint with a user access token, or open the page from this server.' },
    }),
  wrongResource: (host: string) =>
    new ApiError('Unauthorized', `The credential belongs to another resource than host ${JSON.stringify(host)}.`, {
      target: 'Authorization',
      explanation: { rule: 'auth.other-resource', cure: 'Use the endpoint and the credential of the same resource.' },
    }),
  noApiVersion: () =>
    new ApiError('ApiVersionUnspecified', 'The api-version query parameter is required.', {
      target: 'api-version',
      explanation: { rule: 'api-version.missing', cure: 'Add ?api-version=YYYY-MM-DD, as the SDKs do.' },
    }),
  unsupportedApiVersion: (version: string) =>
    new ApiError(
      'UnsupportedApiVersion',
      `api-version ${JSON.stringify(version.slice(0, 64))} is not one this service knows; it must be a date such as 2025-03-15.`,
      {
        target: 'api-version',
        explanation: {
          rule: 'api-version.unknown',
          cure: 'Use a published version; dates newer than those known are served as the newest.',
        },
      },
    ),
  unknownApiVersion: (version: string, known: readonly string[]) =>
    new ApiError(
      'UnsupportedApiVersion',
      `api-version ${JSON.stringify(version.slice(0, 64))} is not known here; the supported versions are ${known.join(', ')}.`,
      { target: 'api-version', explanation: { rule: 'api-version.unsupported', cure: 'Use one of the versions in the message.' } },
    ),
  notFound: () =>
    new ApiError('NotFound', 'No operation has this path.', {
      explanation: { rule: 'route.unknown', cure: 'Compare the path with the reference of operations.' },
    }),
  resourceTypeMissing: (type: string) =>
    new ApiError(
      'NotImplemented',
      `Microsoft.EventGrid/${type} is not implemented here. There are event subscriptions of communication resources and custom topics, topics, system topics, and topic types.`,
      { explanation: { rule: 'route.not-implemented', cure: 'Use a custom topic in the place of a domain or namespace.' } },
    ),
  wrongMethod: (allowed: readonly string[]) =>
    new ApiError('MethodNotAllowed', `This path takes ${allowed.join(', ')}.`, {
      explanation: { rule: 'route.method', cure: `Use ${allowed.join(' or ')}; note that an encoded colon (%3A) never stands for a verb.` },
    }),
  malformedRequest: (reason: string) =>
    new ApiError('BadRequest', `The request cannot be read: ${reason}.`, {
      explanation: { rule: 'request.malformed', cure: 'Send HTTP/1.1 as RFC 9112 has it; look for a proxy that changes requests.' },
    }),
  notEncrypted: () =>
    new ApiError('BadRequest', 'This port speaks HTTPS, and the request is plain HTTP.', {
      explanation: { rule: 'request.not-encrypted', cure: 'Begin the address with https://, or use the port for plain HTTP.' },
    }),
  headersTooLarge: () =>
    new ApiError('HeadersTooLarge', 'The request line and headers are larger than 16384 bytes.', {
      explanation: { rule: 'request.headers-size', cure: 'Send fewer or shorter headers; a token belongs there once.' },
    }),
  bodyCutOff: () =>
    new ApiError('BadRequest', 'The connection ended before the body was complete.', {
      target: 'body',
      explanation: { rule: 'body.incomplete', cure: 'Nothing was done; send the request again.' },
    }),
  malformedTarget: () =>
    new ApiError('BadRequest', 'The request target is malformed: it must be a path with valid percent-encoding.', {
      explanation: { rule: 'route.malformed', cure: 'Encode each path segment once.' },
    }),
  invalid: (target: string, problem: string) =>
    new ApiError('BadRequest', `${target === '' ? 'The body' : target} ${problem}.`, {
      target,
      explanation: { rule: 'body.invalid', cure: 'Correct the field named in the message.' },
    }),
  malformedJson: (reason: string) =>
    new ApiError('BadRequest', `The body is not acceptable JSON: ${reason}.`, {
      target: 'body',
      explanation: { rule: 'body.json', cure: 'Send UTF-8 JSON.' },
    }),
  tooLarge: (maxBytes: number) =>
    new ApiError('PayloadTooLarge', `The body is larger than ${maxBytes} bytes.`, {
      target: 'body',
      explanation: { rule: 'body.size', cure: `Send at most ${maxBytes} bytes; see the limits page for the limit of each field.` },
    }),
  mediaType: (found: string) =>
    new ApiError('UnsupportedMediaType', `Content type ${JSON.stringify(found.slice(0, 100))} is not supported; send application/json.`, {
      target: 'Content-Type',
      explanation: { rule: 'body.media-type', cure: 'Send application/json (or application/merge-patch+json for PATCH).' },
    }),
  unavailable: (reason: string) =>
    new ApiError(
      'ServiceUnavailable',
      reason === 'outcome-unknown'
        ? 'The database was lost while it stored this request. Whether it did is not known; look before you send it again.'
        : `The server cannot store anything at the moment (${reason}). Nothing of this request was kept; it may be sent again.`,
      {
        retryAfterSeconds: 5,
        explanation: {
          rule: 'storage.unavailable',
          cure: reason === 'disk-full' ? 'Free space on the disk of the data folder; no restart is needed.' : 'Check the database.',
        },
      },
    ),
  tooManyWaiting: (most: number) =>
    new ApiError('ServiceUnavailable', `${most} calls wait already; no more may.`, {
      target: 'wait',
      retryAfterSeconds: 1,
      explanation: { rule: 'wait.too-many', cure: 'End waits that nobody needs, or ask without "wait".' },
    }),
  badWait: (text: string, mostMs: number) =>
    new ApiError('BadRequest', `wait ${JSON.stringify(text)} must be a time of at most ${mostMs / 1000} s, such as 20s.`, {
      target: 'wait',
      explanation: { rule: 'wait.time', cure: 'Give a time such as 10s or PT10S; ask again when it is over.' },
    }),
  stateReplaced: () =>
    new ApiError('ServiceUnavailable', 'The state of this server was replaced while the request arrived. Nothing of it was kept.', {
      retryAfterSeconds: 1,
      explanation: { rule: 'state.replaced', cure: 'Send the request again; users of the state that was reset need new tokens.' },
    }),
  notIdle: (serving: number, waitedMs: number) =>
    new ApiError(
      'ServiceUnavailable',
      `${serving} other requests did not end within ${waitedMs / 1000} s, so the state was not replaced. Nothing was changed.`,
      { retryAfterSeconds: 5, explanation: { rule: 'state.busy', cure: 'Wait for long calls such as clock:advance, then try again.' } },
    ),
  badMatch: (problem: string) =>
    new ApiError('BadRequest', `match ${problem}.`, {
      target: 'match',
      explanation: {
        rule: 'match.pattern',
        cure: 'Give a part of the text, or a pattern between slashes such as /code is \\d{6}/i; see docs/guide/chat-for-testers.md.',
      },
    }),
  internal: () =>
    new ApiError('InternalError', 'The server failed. The request id finds the cause in its log.', {
      explanation: { rule: 'server.error', cure: 'This is a defect of the server: look up the request id in its log.' },
    }),
};
