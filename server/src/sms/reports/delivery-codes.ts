/** What may become of a message, in the words of Azure ("Troubleshooting: SMS error codes", wire/rest-services.md 6). */
export const DELIVERY_CODES = {
  2000: 'Message delivered successfully',
  4000: 'Message is rejected due to possible fraud',
  4001: 'Message is rejected due to invalid source/from number format',
  4002: 'Message is rejected due to invalid destination/to number format',
  4003: 'Message failed to deliver due to unsupported destination',
  4004: "Message failed to deliver since destination/to number doesn't exist",
  4005: 'Message is blocked by destination carrier',
  4006: "The destination/to number isn't reachable",
  4007: 'The destination/to number has opted out of receiving messages from you',
  4008: "You've exceeded the maximum number of messages allowed for your profile",
  4009: 'Message is rejected by the entitlement system',
  4010: 'Message was blocked due to the toll-free number not being verified',
  4020: 'Message was blocked because too many like it are sent',
  5000: 'Message failed to deliver',
  5001: 'Message failed to deliver due to temporary unavailability of the application or system',
  5002: 'No delivery report came from the carrier in time',
  9999: 'Message failed to deliver due to unknown error/failure',
} as const;

export type DeliveryCode = keyof typeof DELIVERY_CODES;

/** The only code that is no failure. */
export const DELIVERED: DeliveryCode = 2000;

/** `deliveryStatusDetails` of a report. @param text in the place of what the code stands for */
export function deliveryDetails(code: DeliveryCode, text?: string): string {
  return `${code}: ${text ?? DELIVERY_CODES[code]}`;
}
