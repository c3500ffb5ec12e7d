import type { IncomingMessage } from 'node:http';
import { isArmTarget } from './dialect.ts';
import { httpErrors } from './errors.ts';
import { isLoopbackName, originHost, type ParsedHost } from './hosts.ts';
import type { ResourceDirectory, TopicDirectory, TopicRef } from './ports.ts';

export interface OriginQuestion {
  readonly request: IncomingMessage;
  readonly host: ParsedHost;
  readonly encrypted: boolean;
  /** The route belongs to the admin API. */
  readonly admin: boolean;
}

/**
 * Which hosts are served, and which web pages may call. A server on loopback is reachable from every page the developer
 * opens, so unknown hosts are refused everywhere (DNS rebinding), foreign origins on the plain listener and the admin
 * API. On the HTTPS listener any origin may use the data plane: its credentials are tokens that no browser adds by itself.
 */
export class OriginPolicy {
  readonly #resources: ResourceDirectory;
  readonly #topics: TopicDirectory;

  constructor(resources: ResourceDirectory, topics: TopicDirectory) {
    this.#resources = resources;
    this.#topics = topics;
  }

  /**
   * @returns the custom topic whose own host it is, below which nothing else lies; undefined for every other host
   * @throws ApiError 404 for a host that is not ours, 403 for a foreign origin
   */
  check(question: OriginQuestion): TopicRef | undefined {
    const { host } = question;
    const isResource = this.#resources.byHost(host.hostname) !== undefined;
    const topic = isResource ? undefined : this.#topics.byHost(host.hostname);
    if (!isResource && topic === undefined) throw httpErrors.unknownHost(host.host);
    this.#checkOrigin(question);
    return topic;
  }

  #checkOrigin({ request, host, encrypted, admin }: OriginQuestion): void {
    const { origin } = request.headers;
    if (origin === undefined || (encrypted && !admin)) return;
    const from = originHost(origin);
    const allowed = admin
      ? from?.host === host.host
      : from !== undefined && (isLoopbackName(from.hostname) || this.#resources.byHost(from.hostname) !== undefined);
    if (!allowed) throw httpErrors.foreignOrigin(origin);
  }

  /** CORS as the service sends it: any origin, no cookies, requested headers reflected. Names and values in turn. */
  headersFor(request: IncomingMessage): readonly string[] {
    if (request.headers.origin === undefined) return NONE;
    const headers = ['access-control-allow-origin', '*', 'access-control-expose-headers', EXPOSED];
    if (request.method !== 'OPTIONS') return headers;
    headers.push('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE', 'access-control-max-age', '3600');
    const wanted = request.headers['access-control-request-headers'];
    if (typeof wanted === 'string' && /^[\w, -]{1,1000}$/.test(wanted)) headers.push('access-control-allow-headers', wanted);
    return headers;
  }
}

const NONE: readonly string[] = [];
const EXPOSED = 'Location, Operation-Location, Retry-After, x-ms-request-id, x-ms-error-code, x-switchboard-fault, ms-cv';

/** Whether a request target takes the admin key. A path may begin with two slashes, see `RawMatcher`. */
export function isAdminTarget(target: string): boolean {
  return /^\/{1,2}admin(?:[/?:]|$)/.test(target) || isArmTarget(target);
}
