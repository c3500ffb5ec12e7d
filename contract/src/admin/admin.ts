/** Our own control surface, for portal, command line and tests. Takes the admin key as bearer token. */
export const admin = { auth: 'admin', apiVersion: false } as const;
