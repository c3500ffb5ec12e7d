const answerTimeoutMs = 20_000;

/** Passes on what `work` comes to; rejects when that takes 20 s, so that a silent server fails a bench instead of hanging it. */
export async function answeredInTime<T>(work: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${answerTimeoutMs / 1000} s: ${what}`)), answerTimeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
