/** What tests use of the package `split-sms`, which has no types of its own. */
declare module 'split-sms' {
  export function split(text: string): {
    readonly characterSet: 'GSM' | 'Unicode';
    readonly parts: readonly { readonly content: string }[];
  };
}
