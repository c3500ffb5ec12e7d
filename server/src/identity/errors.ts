import { ApiError } from '../lib/errors.ts';
import { TOKEN_SCOPES } from '@switchboard/contract';

function unauthorized(message: string, rule: string, cure: string): ApiError {
  return new ApiError('Unauthorized', message, { target: 'Authorization', explanation: { rule, cure } });
}

/** A token of this server that has ended: whose it was is beyond doubt. */
function endedToken(caller: string, message: string, explanation: { readonly rule: string; readonly cure: string }): ApiError {
  return new ApiError('Unauthorized', message, { target: 'Authorization', explanation: { ...explanation, caller } });
}

export const identityErrors = {
  unknownIdentity: (id: string) =>
    new ApiError('NotFound', `There is no identity ${JSON.stringify(id.slice(0, 200))} in this resource.`, {
      target: 'id',
      explanation: {
        rule: 'identity.unknown',
        cure: 'Create the identity with this resource first; identities of other resources are not visible here.',
      },
    }),
  noScopes: (target: string) =>
    new ApiError('BadRequest', `${target} must name at least one of ${TOKEN_SCOPES.join(', ')}.`, {
      target,
      explanation: { rule: 'identity.scopes', cure: 'Ask for the scopes that the client needs, e.g. ["chat"].' },
    }),
  unknownScope: (target: string, scope: string) =>
    new ApiError('BadRequest', `${target} ${JSON.stringify(scope)} is not one of ${TOKEN_SCOPES.join(', ')}.`, {
      target,
      explanation: { rule: 'identity.scopes', cure: 'Use the published scope names.' },
    }),
  badCustomId: (target: string) =>
    new ApiError('BadRequest', `${target} must not be empty and must not hold a NUL character.`, {
      target,
      explanation: { rule: 'identity.custom-id', cure: 'Leave customId out, or give a text.' },
    }),
  malformedToken: (reason: string) =>
    unauthorized(
      `The access token is not a token of this server: ${reason}.`,
      'token.malformed',
      'Send the token exactly as it was issued.',
    ),
  wrongSignature: () =>
    unauthorized(
      'The signature of the access token does not verify.',
      'token.signature',
      'The token was edited, or another server issued it; get a new one from this server.',
    ),
  expired: (caller: string, expiresOn: string) =>
    endedToken(caller, `The access token expired at ${expiresOn}.`, {
      rule: 'token.expired',
      cure: 'Get a fresh token; give the credential a tokenRefresher so that this happens before the expiry.',
    }),
  revoked: (caller: string) =>
    endedToken(caller, 'The access token was revoked.', {
      rule: 'token.revoked',
      cure: 'Issue a new token; tokens issued after a revocation work.',
    }),
  keyRotated: (caller: string, slot: string) =>
    endedToken(caller, `The ${slot} access key that asked for this token was regenerated.`, {
      rule: 'token.key-rotated',
      cure: 'Issue a new token with the present key.',
    }),
  deletedIdentity: (caller: string) =>
    endedToken(caller, 'The identity of this access token was deleted.', {
      rule: 'token.identity-deleted',
      cure: 'Create an identity and a token for it.',
    }),
  unknownResource: () =>
    unauthorized(
      'The resource of this access token does not exist here.',
      'token.resource-unknown',
      'Use a token of a resource of this server.',
    ),
  noIssuer: (what: string) =>
    unauthorized(
      `${what} cannot be exchanged: no directory issuer is configured on this server.`,
      'entra.no-issuer',
      'Set entra.issuer and entra.audience (SWITCHBOARD_ENTRA_ISSUER, SWITCHBOARD_ENTRA_AUDIENCE) to the directory whose tokens are to be trusted.',
    ),
  foreignToken: (reason: string) =>
    unauthorized(
      `The directory token was refused: ${reason}.`,
      'entra.token-refused',
      'Get a fresh token from the configured issuer, for the configured audience.',
    ),
  claimMismatch: (target: string, claim: string) =>
    unauthorized(
      `${target} differs from the claim ${claim} of the directory token.`,
      'entra.claim-mismatch',
      `Send the ${target} for which the token was issued.`,
    ),
  emptyField: (target: string) =>
    new ApiError('BadRequest', `${target} must not be empty.`, {
      target,
      explanation: { rule: 'body.invalid', cure: 'Give the field a value.' },
    }),
  noPermission: () =>
    new ApiError('Forbidden', 'The directory token grants none of Chat, Chat.Join, Chat.Join.Limited, VoIP, VoIP.Join.', {
      explanation: { rule: 'entra.no-permission', cure: 'Grant one of these permissions to the application.' },
    }),
  noAssignment: (objectId: string) =>
    new ApiError('NotFound', `There is no Teams-phone assignment for ${JSON.stringify(objectId.slice(0, 128))}.`, {
      target: 'objectId',
      explanation: { rule: 'entra.no-assignment', cure: 'PUT the assignment first.' },
    }),
};
