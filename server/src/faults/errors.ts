import { ApiError } from '../lib/errors.ts';

const CURE = 'Correct the field named in the message. The page "Faults on command" of the guide has rules that work.';

export const faultErrors = {
  /** @param target path of the field, e.g. `rules[3].http.status` */
  invalid: (target: string, problem: string) =>
    new ApiError('BadRequest', `${target} ${problem}.`, { target, explanation: { rule: 'fault.invalid', cure: CURE } }),
  unknown: (name: string) =>
    new ApiError('NotFound', `No fault rule is named ${JSON.stringify(name)}.`, {
      target: 'ruleName',
      explanation: { rule: 'fault.unknown', cure: 'GET /admin/faults/rules lists those in force; a restart and a reset remove them all.' },
    }),
  tooMany: (max: number) =>
    new ApiError('Conflict', `There are ${max} fault rules, as many as there may be.`, {
      explanation: { rule: 'fault.too-many', cure: 'Remove rules that are spent: DELETE /admin/faults/rules/NAME.' },
    }),
};
