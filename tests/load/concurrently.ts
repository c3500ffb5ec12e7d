/** Maps all items, at most `limit` at a time. Keeps their order. */
export async function mapConcurrently<In, Out>(
  items: readonly In[],
  { limit, map }: { readonly limit: number; readonly map: (item: In) => Promise<Out> },
): Promise<Out[]> {
  const results: Out[] = [];
  const entries = items.entries();
  async function worker(): Promise<void> {
    for (const [index, item] of entries) results[index] = await map(item);
  }
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
