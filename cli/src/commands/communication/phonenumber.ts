import type { Command } from 'commander';
import { addResource, DataPlane, type ResourceOptions } from '../../data-plane.ts';
import { addWanted, purchase, search, type WantedOptions } from './acquisition.ts';
import { addLoad } from './load.ts';
import { conclude } from './long-running.ts';
import { addOutput, type OutputOptions, print } from './output.ts';

const API_VERSION = '2025-06-01';

interface PhoneNumber {
  readonly phoneNumber: string;
  readonly countryCode: string;
  readonly phoneNumberType: string;
  readonly capabilities: { readonly calling: string; readonly sms: string };
}

type Options = ResourceOptions & OutputOptions;
type NumberOptions = Options & { readonly phonenumber: string };

/** `az communication phonenumber list` and `show`, and beside them what takes the portal or an SDK on Azure. */
export function addPhoneNumber(communication: Command): void {
  const group = communication.command('phonenumber').description('phone numbers of a resource');
  const command = (name: string, description: string): Command => addOutput(addResource(group.command(name).description(description)));
  const ofNumber = (name: string, description: string): Command =>
    command(name, description).requiredOption('--phonenumber <NUMBER>', 'in the E.164 form, e.g. +14255550123');

  command('list', 'the phone numbers of the resource').action(async (options: Options) => {
    const plane = await DataPlane.find(options, API_VERSION);
    printNumbers(await plane.list<PhoneNumber>('/phoneNumbers', 'phoneNumbers'), options);
  });
  ofNumber('show', 'one phone number of the resource').action(async (options: NumberOptions) => {
    const plane = await DataPlane.find(options, API_VERSION);
    const { body } = await plane.call('GET', pathOf(options.phonenumber));
    print(JSON.parse(body), options, () => rowsOf([JSON.parse(body) as PhoneNumber]));
  });
  addWanted(command('search', 'find free numbers, and hold them for 16 minutes')).action(async (options: Options & WantedOptions) => {
    print(await search(await DataPlane.find(options, API_VERSION), options), options);
  });
  command('purchase', 'buy what a search holds')
    .requiredOption('--search-id <ID>', 'of the search')
    .option('--agree-to-not-resell', 'agree not to sell the numbers on, where that is needed')
    .action(async (options: Options & { readonly searchId: string; readonly agreeToNotResell?: boolean }) => {
      await purchase(await DataPlane.find(options, API_VERSION), options);
    });
  addWanted(command('buy', 'search and purchase in one go'))
    .option('--agree-to-not-resell', 'agree not to sell the numbers on, where that is needed')
    .action(async (options: Options & WantedOptions & { readonly agreeToNotResell?: boolean }) => {
      const plane = await DataPlane.find(options, API_VERSION);
      const { searchId, phoneNumbers } = await search(plane, options);
      await purchase(plane, { ...options, searchId });
      print(phoneNumbers, options, () => [['PHONE NUMBER'], ...phoneNumbers.map((number) => [number])]);
    });
  ofNumber('update', 'change what a number can do')
    .option('--calling <WHAT>', 'none, inbound, outbound or inbound+outbound')
    .option('--sms <WHAT>', 'none, inbound, outbound or inbound+outbound')
    .action(async ({ calling, sms, ...options }: NumberOptions & { readonly calling?: string; readonly sms?: string }) => {
      const plane = await DataPlane.find(options, API_VERSION);
      await conclude(plane, await plane.call('PATCH', `${pathOf(options.phonenumber)}/capabilities`, { calling, sms }));
      const { body } = await plane.call('GET', pathOf(options.phonenumber));
      print(JSON.parse(body), options, () => rowsOf([JSON.parse(body) as PhoneNumber]));
    });
  ofNumber('release', 'give a number back').action(async (options: NumberOptions) => {
    const plane = await DataPlane.find(options, API_VERSION);
    await conclude(plane, await plane.call('DELETE', pathOf(options.phonenumber)));
  });
  addLoad(group);
}

function pathOf(number: string): string {
  return `/phoneNumbers/${encodeURIComponent(number)}`;
}

function printNumbers(numbers: readonly PhoneNumber[], options: OutputOptions): void {
  print(numbers, options, () => rowsOf(numbers));
}

function rowsOf(numbers: readonly PhoneNumber[]): string[][] {
  return [
    ['PHONE NUMBER', 'COUNTRY', 'TYPE', 'CALLING', 'SMS'],
    ...numbers.map(({ phoneNumber, countryCode, phoneNumberType, capabilities }) => [
      phoneNumber,
      countryCode,
      phoneNumberType,
      capabilities.calling,
      capabilities.sms,
    ]),
  ];
}
