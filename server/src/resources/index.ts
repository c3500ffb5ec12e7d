export { ResourceService, type Resource, type ResourceChange } from './resource-service.ts';
export { resourceMigrations } from './store.ts';
