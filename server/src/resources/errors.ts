import { ApiError } from '../lib/errors.ts';
import { DATA_LOCATIONS } from './locations.ts';

export const resourceErrors = {
  badName: (name: string) =>
    new ApiError('BadRequest', `name ${JSON.stringify(name.slice(0, 80))} must be 1 to 63 letters, digits and inner hyphens.`, {
      target: 'name',
      explanation: { rule: 'resource.name', cure: 'Choose a name that can be part of a host name.' },
    }),
  badLocation: (text: string) =>
    new ApiError('BadRequest', `dataLocation ${JSON.stringify(text)} is not one of ${DATA_LOCATIONS.join(', ')}.`, {
      target: 'dataLocation',
      explanation: { rule: 'resource.data-location', cure: 'Use one of the listed geographies, with or without spaces.' },
    }),
  badTier: (text: string) =>
    new ApiError('BadRequest', `tier ${JSON.stringify(text)} must be Free or Standard.`, {
      target: 'tier',
      explanation: { rule: 'resource.tier', cure: 'Use Free or Standard.' },
    }),
  badKeyType: (text: string) =>
    new ApiError('BadRequest', `keyType ${JSON.stringify(text)} must be Primary or Secondary.`, {
      target: 'keyType',
      explanation: { rule: 'resource.key-type', cure: 'Use Primary or Secondary.' },
    }),
  badLimits: (reason: string) =>
    new ApiError('BadRequest', `limits is not acceptable: ${reason}.`, {
      target: 'limits',
      explanation: {
        rule: 'resource.limits',
        cure: 'Give handbook, azure, or an object of limit names and numbers; GET /admin/limits lists the names.',
      },
    }),
  exists: (name: string) =>
    new ApiError('Conflict', `Resource ${JSON.stringify(name)} exists already.`, {
      target: 'name',
      explanation: { rule: 'resource.exists', cure: 'Choose another name, or delete the resource first.' },
    }),
  unknown: (name: string) =>
    new ApiError('NotFound', `There is no resource ${JSON.stringify(name)}.`, {
      target: 'name',
      explanation: { rule: 'resource.unknown', cure: 'GET /admin/resources lists the resources.' },
    }),
};
