/** The same values each time, computed at most once and only as far as somebody asks for them. */
export function remembered<T>(values: Iterable<T>): Iterable<T> {
  const seen: T[] = [];
  const rest = values[Symbol.iterator]();
  return {
    *[Symbol.iterator]() {
      for (let i = 0; ; i++) {
        if (i === seen.length) {
          const next = rest.next();
          if (next.done === true) return;
          seen.push(next.value);
        }
        yield seen[i] as T;
      }
    },
  };
}
