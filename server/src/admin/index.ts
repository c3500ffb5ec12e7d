export { ClockControl } from './clock-control.ts';
export { FirstFixtures } from './fixtures/first-fixtures.ts';
export { Fixtures } from './fixtures/fixtures.ts';
export { fixtureMigrations } from './fixtures/load-store.ts';
export { registerPortal } from './portal-files.ts';
export { registerAdminRoutes } from './routes/index.ts';
export { type NewState, StateControl } from './state-control.ts';
