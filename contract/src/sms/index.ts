export * from './delivery-reports.ts';
export * from './opt-outs.ts';
export * from './send.ts';
