/**
 * Routing on the raw request target. A path that is decoded before it is matched would let encoded data (`%3Aplay`) act
 * as a verb (`:play`); here literals are matched on the raw text and captured segments are decoded only afterwards.
 */
export interface MatchedRoute {
  readonly index: number;
  readonly params: Readonly<Record<string, string>>;
}

export type Match =
  | { readonly kind: 'route'; readonly route: MatchedRoute }
  | { readonly kind: 'preflight' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'malformed' };

interface Node {
  readonly literals: Map<string, Node>;
  /** Literals of routes that ignore case, in lower case. */
  readonly folded: Map<string, Node>;
  /** A parameter segment, by the verb after its last raw colon (`{id}:play`), `''` for none. */
  readonly parameters: Map<string, Node>;
  /** Everything below this point (static files). */
  rest: Leaf | undefined;
  leaf: Leaf | undefined;
  /** Empty segments before the next one mean nothing here. */
  skipsEmpty: boolean;
}

interface Leaf {
  readonly methods: Map<string, { readonly index: number; readonly names: readonly string[] }>;
}

export interface PathRoute {
  readonly method: string;
  /** E.g. `/identities/{id}/:issueAccessToken`, `/calls/{id}:play`, `/portal/*`. */
  readonly path: string;
  readonly index: number;
  /** Resource ids of ARM: literals in any case of letters, and slashes repeated. */
  readonly isResourceId?: boolean;
}

export class RawMatcher {
  readonly #root = emptyNode();

  add(route: PathRoute): void {
    let node = this.#root;
    const names: string[] = [];
    for (const segment of route.path.split('/').slice(1)) {
      if (segment === '*') {
        node.rest ??= { methods: new Map() };
        names.push('*');
        this.#set(node.rest, route, names);
        return;
      }
      const parameter = /^\{(\w+)\}(?::(\w+))?$/.exec(segment);
      if (parameter === null)
        node = route.isResourceId === true ? child(node.folded, segment.toLowerCase()) : child(node.literals, segment);
      else {
        names.push(parameter[1] as string);
        node = child(node.parameters, parameter[2] ?? '');
      }
      if (route.isResourceId === true) node.skipsEmpty = true;
    }
    node.leaf ??= { methods: new Map() };
    this.#set(node.leaf, route, names);
  }

  /** @param target the request target as received, e.g. `/chat/threads/19%3Aa%40thread.v2?api-version=…` */
  match(method: string, target: string): Match {
    // Absolute-form targets, `*`, authority form and fragments never name one of our routes.
    if (target.charCodeAt(0) !== SLASH || target.includes('#')) return { kind: 'malformed' };
    const end = target.indexOf('?');
    const segments = (end === -1 ? target : target.slice(0, end)).split('/');
    // An endpoint that ends in a slash, with a path behind it: the chat SDK asks for `//chat/config/…`.
    const at = segments.length > 2 && segments[1] === '' ? 2 : 1;
    const values: string[] = [];
    const leaf = walk(this.#root, { segments, values, at });
    if (leaf === undefined) return { kind: 'not-found' };
    const entry = leaf.methods.get(method) ?? (method === 'HEAD' ? leaf.methods.get('GET') : undefined);
    if (entry === undefined) {
      return method === 'OPTIONS' ? { kind: 'preflight' } : { kind: 'wrong-method', allowed: [...leaf.methods.keys()] };
    }
    const params: Record<string, string> = {};
    for (let i = 0; i < entry.names.length; i++) {
      const value = decode(values[i] as string);
      if (value === undefined) return { kind: 'malformed' };
      // No id holds NUL, and PostgreSQL's text cannot.
      if (value.includes('\0')) return { kind: 'not-found' };
      params[entry.names[i] as string] = value;
    }
    return { kind: 'route', route: { index: entry.index, params } };
  }

  #set(leaf: Leaf, route: PathRoute, names: readonly string[]): void {
    if (leaf.methods.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`);
    leaf.methods.set(route.method, { index: route.index, names });
  }
}

const SLASH = 0x2f;

interface Walk {
  readonly segments: readonly string[];
  /** What stands in the place of the parameters passed so far. */
  readonly values: string[];
  readonly at: number;
}

/** What lies at the end of a path; where several ways fit, literals come before parameters, and those before `*`. */
function walk(node: Node, path: Walk): Leaf | undefined {
  const { segments, at } = path;
  if (at === segments.length) return node.leaf;
  const segment = segments[at] as string;
  const found = throughLiteral(node, segment, path);
  if (found !== undefined || segment === '') return found ?? restOf(node, path);
  // `id:verb`, split at the last raw colon, where that verb is a route, then the id as a whole.
  const colon = segment.lastIndexOf(':');
  const verb = colon > 0 ? segment.slice(colon + 1) : '';
  return (
    (verb === '' ? undefined : through(node.parameters.get(verb), segment.slice(0, colon), path)) ??
    through(node.parameters.get(''), segment, path) ??
    restOf(node, path)
  );
}

function throughLiteral(node: Node, segment: string, { segments, values, at }: Walk): Leaf | undefined {
  if (segment === '' && node.skipsEmpty) {
    let next = at;
    while (segments[next] === '') next += 1;
    return walk(node, { segments, values, at: next });
  }
  const literal =
    node.literals.get(segment) ??
    (segment.includes('%') ? node.literals.get(segment.replaceAll(/%3a/gi, ':')) : undefined) ??
    (node.folded.size > 0 ? node.folded.get(segment.toLowerCase()) : undefined);
  return literal === undefined ? undefined : walk(literal, { segments, values, at: at + 1 });
}

/** The way through a parameter; leaves no value behind when there is none. */
function through(node: Node | undefined, value: string, { segments, values, at }: Walk): Leaf | undefined {
  if (node === undefined) return undefined;
  values.push(value);
  const found = walk(node, { segments, values, at: at + 1 });
  if (found === undefined) values.pop();
  return found;
}

function restOf(node: Node, { segments, values, at }: Walk): Leaf | undefined {
  if (node.rest !== undefined) values.push(segments.slice(at).join('/'));
  return node.rest;
}

function child(children: Map<string, Node>, key: string): Node {
  let node = children.get(key);
  if (node === undefined) children.set(key, (node = emptyNode()));
  return node;
}

function emptyNode(): Node {
  return { literals: new Map(), folded: new Map(), parameters: new Map(), rest: undefined, leaf: undefined, skipsEmpty: false };
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
