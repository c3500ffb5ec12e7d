import { searchOperatorInformation } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import { operatorInformationOf } from '../operator-information.ts';
import type { OwnedNumbers } from '../owned-numbers.ts';

export function registerOperatorRoutes(http: HttpServer, owned: OwnedNumbers): void {
  http.route(searchOperatorInformation, async ({ body, caller }) => {
    const isDetailed = body.options?.includeAdditionalOperatorDetails === true;
    const options = { isDetailed, owned: (number: string) => owned.find(caller.resource.id, number) };
    return reply(200, { values: [await operatorInformationOf(body.phoneNumbers, options)] });
  });
}
