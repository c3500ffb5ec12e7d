/** Methods that a page may not use, https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK']);
/** Methods that are the same in any case, https://fetch.spec.whatwg.org/#concept-method-normalize */
const NORMALIZED_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);
const EVENTS = /** @type {const} */ (['readystatechange', 'loadstart', 'load', 'error', 'timeout', 'abort', 'loadend']);
const RESPONSE_TYPES = new Set(['', 'text', 'json']);

/** @typedef {((this: XMLHttpRequest, event: Event) => void) | null} Handler */

/**
 * The XMLHttpRequest of https://xhr.spec.whatwg.org/ over `fetch`, for asynchronous requests that are answered with text. It
 * has no binary answers, no progress, no upload events, and refuses to work synchronously.
 */
export class XMLHttpRequest extends EventTarget {
  static UNSENT = 0;
  static OPENED = 1;
  static HEADERS_RECEIVED = 2;
  static LOADING = 3;
  static DONE = 4;
  UNSENT = 0;
  OPENED = 1;
  HEADERS_RECEIVED = 2;
  LOADING = 3;
  DONE = 4;

  /** @type {Handler} */ onreadystatechange = null;
  /** @type {Handler} */ onloadstart = null;
  /** @type {Handler} */ onload = null;
  /** @type {Handler} */ onerror = null;
  /** @type {Handler} */ ontimeout = null;
  /** @type {Handler} */ onabort = null;
  /** @type {Handler} */ onloadend = null;
  readyState = XMLHttpRequest.UNSENT;
  status = 0;
  statusText = '';
  responseURL = '';
  /** Milliseconds from `send()`, 0 for none. */
  timeout = 0;
  /** Its presence tells callers that cross-origin requests work; there are no cookies to send. */
  withCredentials = false;
  #request = { method: 'GET', url: '' };
  #headers = new Headers();
  #responseHeaders = new Headers();
  #responseType = '';
  #text = '';
  /** Of the exchange that runs. @type {AbortController | undefined} */
  #running;

  constructor() {
    super();
    for (const type of EVENTS) this.addEventListener(type, (event) => this[`on${type}`]?.(event));
  }

  get responseType() {
    return this.#responseType;
  }

  set responseType(type) {
    if (!RESPONSE_TYPES.has(type))
      throw failure('NotSupportedError', `responseType ${JSON.stringify(type)} is not supported: only text is`);
    this.#responseType = type;
  }

  get responseText() {
    if (this.#responseType === 'json') throw failure('InvalidStateError', 'responseText is for the response type "text"');
    return this.#text;
  }

  /** @returns {unknown} */
  get response() {
    if (this.#responseType !== 'json') return this.#text;
    if (this.readyState !== XMLHttpRequest.DONE) return null;
    try {
      return JSON.parse(this.#text);
    } catch {
      return null;
    }
  }

  /**
   * @param {string} method
   * @param {string | URL} url
   */
  open(method, url, isAsync = true) {
    const upper = method.toUpperCase();
    if (FORBIDDEN_METHODS.has(upper)) throw failure('SecurityError', `${method} is forbidden`);
    if (!isAsync) throw failure('InvalidAccessError', 'synchronous requests are not supported');
    const target = URL.parse(String(url), pageAddress());
    if (target === null) throw failure('SyntaxError', `${url} is no URL`);
    this.#running?.abort();
    this.#running = undefined;
    this.#request = { method: NORMALIZED_METHODS.has(upper) ? upper : method, url: target.href };
    this.#headers = new Headers();
    this.#forgetResponse();
    this.#become(XMLHttpRequest.OPENED);
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  setRequestHeader(name, value) {
    this.#requireUnsent();
    this.#headers.append(name, value);
  }

  /** @param {string} name */
  getResponseHeader(name) {
    return this.#responseHeaders.get(name);
  }

  getAllResponseHeaders() {
    return [...this.#responseHeaders].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  /** @param {string | null} body */
  send(body = null) {
    this.#requireUnsent();
    this.#running = new AbortController();
    void this.#exchange(this.#running, body);
  }

  abort() {
    const wasRunning = this.#running !== undefined;
    this.#running?.abort();
    if (wasRunning) this.#fail('abort');
    if (this.readyState === XMLHttpRequest.DONE) this.readyState = XMLHttpRequest.UNSENT;
  }

  /**
   * @param {AbortController} running
   * @param {string | null} body
   */
  async #exchange(running, body) {
    const { method, url } = this.#request;
    const signals = this.timeout > 0 ? [running.signal, AbortSignal.timeout(this.timeout)] : [running.signal];
    const hasBody = body !== null && method !== 'GET' && method !== 'HEAD';
    this.#fire('loadstart');
    try {
      // What the handlers of the events do may have ended it: then somebody else has told the caller.
      const isOver = () => this.#running !== running;
      if (isOver()) return;
      const response = await fetch(url, { method, headers: this.#headers, signal: AbortSignal.any(signals), ...(hasBody ? { body } : {}) });
      if (isOver()) return;
      this.status = response.status;
      this.statusText = response.statusText;
      this.responseURL = response.url;
      this.#responseHeaders = response.headers;
      this.#become(XMLHttpRequest.HEADERS_RECEIVED);
      const text = await response.text();
      if (isOver()) return;
      this.#text = text;
      this.#become(XMLHttpRequest.LOADING);
      if (!isOver()) this.#finish('load');
    } catch (error) {
      if (this.#running !== running) return;
      this.#fail(error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'error');
    }
  }

  /** @param {'abort' | 'error' | 'timeout'} how */
  #fail(how) {
    this.#forgetResponse();
    this.#finish(how);
  }

  /** @param {'load' | 'abort' | 'error' | 'timeout'} how */
  #finish(how) {
    this.#running = undefined;
    this.#become(XMLHttpRequest.DONE);
    this.#fire(how);
    this.#fire('loadend');
  }

  #forgetResponse() {
    this.status = 0;
    this.statusText = '';
    this.responseURL = '';
    this.#responseHeaders = new Headers();
    this.#text = '';
  }

  /** @param {number} state */
  #become(state) {
    this.readyState = state;
    this.#fire('readystatechange');
  }

  /** @param {(typeof EVENTS)[number]} type */
  #fire(type) {
    this.dispatchEvent(new Event(type));
  }

  #requireUnsent() {
    if (this.readyState !== XMLHttpRequest.OPENED || this.#running !== undefined) {
      throw failure('InvalidStateError', 'the request is not open, or was sent already');
    }
  }
}

/**
 * @param {string} name
 * @param {string} message
 */
function failure(name, message) {
  return new DOMException(message, name);
}

/** Relative addresses are those of a page, where there is one. @returns {string | undefined} */
function pageAddress() {
  return /** @type {{ location?: { href: string } }} */ (globalThis).location?.href;
}
