/** The part of XMLHttpRequest (WHATWG) that the signalling package uses, over fetch: asynchronous text requests. */
export class XMLHttpRequest {
  static UNSENT = 0;
  static OPENED = 1;
  static HEADERS_RECEIVED = 2;
  static LOADING = 3;
  static DONE = 4;

  readyState = XMLHttpRequest.UNSENT;
  status = 0;
  statusText = '';
  responseText = '';
  response = '';
  responseType = '';
  timeout = 0;
  /** Its presence tells callers that cross-origin requests work. */
  withCredentials = false;
  onreadystatechange = null;
  onload = null;
  onerror = null;
  ontimeout = null;
  onabort = null;
  #request = { method: 'GET', url: '' };
  #headers = new Headers();
  #responseHeaders = new Headers();
  #abort = new AbortController();

  open(method, url) {
    this.#request = { method, url: String(url) };
    this.#headers = new Headers();
    this.#abort = new AbortController();
    this.#become(XMLHttpRequest.OPENED);
  }

  setRequestHeader(name, value) {
    this.#headers.append(name, value);
  }

  getResponseHeader(name) {
    return this.#responseHeaders.get(name);
  }

  getAllResponseHeaders() {
    return [...this.#responseHeaders].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  send(body = null) {
    void this.#send(body);
  }

  abort() {
    this.#abort.abort();
  }

  async #send(body) {
    const { method, url } = this.#request;
    const limits = this.timeout > 0 ? [AbortSignal.timeout(this.timeout)] : [];
    try {
      const signal = AbortSignal.any([this.#abort.signal, ...limits]);
      const response = await fetch(url, { method, headers: this.#headers, signal, ...(body === null || method === 'GET' ? {} : { body }) });
      const text = await response.text();
      this.status = response.status;
      this.statusText = response.statusText;
      this.#responseHeaders = response.headers;
      this.responseText = text;
      this.response = this.responseType === 'json' ? JSON.parse(text) : text;
      this.#become(XMLHttpRequest.DONE);
      this.onload?.();
    } catch (error) {
      this.status = 0;
      this.#become(XMLHttpRequest.DONE);
      if (error.name === 'TimeoutError') this.ontimeout?.();
      else if (this.#abort.signal.aborted) this.onabort?.();
      else this.onerror?.(error);
    }
  }

  #become(state) {
    this.readyState = state;
    this.onreadystatechange?.();
  }
}
