export * from './clock.ts';
export * from './requests.ts';
export * from './resources.ts';
export * from './server.ts';
