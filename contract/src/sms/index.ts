export * from './delivery-reports.ts';
export * from './send.ts';
