export { ResourceService, type Resource } from './resource-service.ts';
export { resourceMigrations } from './store.ts';
