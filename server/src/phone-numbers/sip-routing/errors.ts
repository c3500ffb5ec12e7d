import { ApiError } from '../../lib/errors.ts';

/** In the words of the service, as recorded; it answers two of these with 400 instead of 422. */
function unprocessable(
  inner: { readonly code: string; readonly message: string },
  where: { readonly target?: string; readonly cure: string },
): ApiError {
  return new ApiError('UnprocessableConfiguration', `One or more request inputs are not valid. ${inner.message}`, {
    ...(where.target === undefined ? {} : { target: where.target }),
    innerError: inner,
    explanation: { rule: `sip.${inner.code}`, cure: where.cure },
  });
}

export const sipErrors = {
  emptyPatch: () =>
    unprocessable({ code: 'EmptyPatch', message: 'Patch with no data provided.' }, { cure: 'Send trunks, routes, or both.' }),
  badFqdn: (fqdn: string) =>
    unprocessable(
      { code: 'InvalidTrunkFqdn', message: 'Trunk with an invalid FQDN.' },
      { target: `trunks.${fqdn.slice(0, 100)}`, cure: 'Name the trunk by a fully qualified domain name, at most 249 characters long.' },
    ),
  badPort: (fqdn: string, port: number) =>
    unprocessable(
      { code: 'InvalidTrunkSipSignalingPort', message: 'Trunk with an invalid SIP signaling port.' },
      { target: `trunks.${fqdn}.sipSignalingPort`, cure: `Send a port from 1 to 65535 instead of ${port}.` },
    ),
  badName: (target: string) =>
    unprocessable(
      { code: 'InvalidRouteName', message: 'Route with an invalid name.' },
      { target, cure: 'Send a name of 1 to 256 characters.' },
    ),
  badDescription: (target: string) =>
    unprocessable(
      { code: 'InvalidRouteDescription', message: 'Route with an invalid description.' },
      { target, cure: 'Send a description of at most 1024 characters.' },
    ),
  badPattern: (target: string) =>
    unprocessable(
      { code: 'InvalidRouteNumberPattern', message: 'Route with an invalid number pattern.' },
      { target, cure: 'Send a regular expression of 1 to 1024 characters, such as ^\\+1[0-9]{10}$.' },
    ),
  duplicateRoute: (target: string) =>
    unprocessable(
      { code: 'DuplicatedRoute', message: 'There is a duplicated route.' },
      { target, cure: 'Give every route a name of its own.' },
    ),
  duplicateTrunk: (target: string) =>
    unprocessable(
      { code: 'RouteWithDuplicatedTrunk', message: 'There is a duplicated trunk in a route.' },
      { target, cure: 'Name every trunk once.' },
    ),
  missingTrunk: (target: string, fqdn: string) =>
    unprocessable(
      { code: 'MissingTrunk', message: 'Route targeting a missing trunk.' },
      { target, cure: `Add trunk ${fqdn.slice(0, 249)} first, or take it out of the route before it is removed.` },
    ),
  tooMany: (target: string, most: number) =>
    unprocessable({ code: 'TooMany', message: `There are more than ${most}.` }, { target, cure: `Send at most ${most}.` }),
};
