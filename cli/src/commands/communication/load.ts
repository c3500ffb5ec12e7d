import type { Command } from 'commander';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../../server-client.ts';
import { addOutput, type OutputOptions, print } from './output.ts';

interface Loaded {
  readonly phoneNumber: string;
  readonly countryCode: string;
  readonly phoneNumberType: string;
  readonly carrier?: string;
}

interface Options extends TargetOptions, OutputOptions {
  readonly phonenumber?: string;
  readonly phoneNumberType?: string;
  readonly countryCode?: string;
  readonly areaCode?: string;
  readonly carrier?: string;
  readonly calling?: string;
  readonly sms?: string;
  readonly communicationServiceName?: string;
}

/** What an operator does: numbers really owned, and short codes. */
export function addLoad(group: Command): void {
  addOutput(addTarget(group.command('load').description('give a number really owned, or a short code, to a resource (admin key)')))
    .option('--phonenumber <NUMBER>', 'in the E.164 form, or a short code; without one, a free fictitious number is picked')
    .option('--phone-number-type <TYPE>', 'geographic, tollFree, mobile or shortCode')
    .option('--country-code <CODE>', 'ISO 3166-1 code')
    .option('--area-code <CODE>', 'of a number that is picked')
    .option('--carrier <NAME>', 'the carrier that carries it (the default one)')
    .option('--calling <WHAT>', 'none, inbound, outbound or inbound+outbound')
    .option('--sms <WHAT>', 'none, inbound, outbound or inbound+outbound')
    .option('--communication-service-name <NAME>', 'the resource (local)')
    .action(async (options: Options) => {
      const { phonenumber: phoneNumber, phoneNumberType, countryCode, areaCode, carrier, calling, sms } = options;
      const isSaid = calling !== undefined || sms !== undefined;
      const capabilities = isSaid ? { calling: calling ?? 'none', sms: sms ?? 'none' } : undefined;
      const body = {
        resource: options.communicationServiceName,
        phoneNumbers: [{ phoneNumber, phoneNumberType, countryCode, areaCode, carrier, capabilities }],
      };
      const { value } = await askAdmin<{ readonly value: readonly Loaded[] }>(findServer(options), '/admin/phone-numbers', {
        method: 'POST',
        body,
      });
      print(value, options, () => [
        ['PHONE NUMBER', 'COUNTRY', 'TYPE', 'CARRIER'],
        ...value.map((one) => [one.phoneNumber, one.countryCode, one.phoneNumberType, one.carrier ?? '']),
      ]);
    });
}
