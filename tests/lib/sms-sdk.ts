import { SmsClient } from '@azure/communication-sms';
import { SmsClient as SmsClientBeta } from '@azure/communication-sms-1.2.0-beta.4';

/** What every published version has. */
export type SendClient = Pick<SmsClient, 'send'>;

export interface SmsSdk {
  readonly version: string;
  readonly connect: (connectionString: string) => SendClient;
}

/** Microsoft's published SMS SDKs, unmodified, for `describe.each`. */
export const SMS_SDKS: readonly SmsSdk[] = [
  { version: '1.1.0', connect: (connectionString) => new SmsClient(connectionString) },
  { version: '1.2.0-beta.4', connect: betaClient },
];

/** The version that knows opt-outs and time-outs of reports. */
export function betaClient(connectionString: string): SmsClientBeta {
  return new SmsClientBeta(connectionString);
}
