export const domain = 'localhost';
export const roomDomain = `conference.${domain}`;

/**
 * ejabberd with what group chat needs and nothing more, no rate shapers, passwords unhashed: each choice in its favour.
 * JSON, which is YAML. MUC rooms persist and MAM (on mnesia) keeps every message of theirs.
 */
export function ejabberdConfig(options: { readonly port: number }): string {
  return JSON.stringify({
    loglevel: 'error',
    hosts: [domain],
    auth_method: 'internal',
    auth_password_format: 'plain',
    registration_timeout: 'infinity',
    acl: { loopback: { ip: ['127.0.0.0/8'] } },
    api_permissions: { bench: { who: { ip: '127.0.0.1/8' }, what: ['register'] } },
    listen: [
      {
        port: options.port,
        ip: '127.0.0.1',
        module: 'ejabberd_http',
        request_handlers: { '/ws': 'ejabberd_http_ws', '/api': 'mod_http_api' },
      },
    ],
    modules: {
      mod_http_api: {},
      mod_mam: { db_type: 'mnesia', default: 'never' },
      mod_muc: { db_type: 'mnesia', min_message_interval: 0, default_room_options: { persistent: true, mam: true } },
    },
  });
}
