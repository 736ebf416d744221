/** Does something for each item in their order, for several at the same time; rejects with the first fault. */
export async function atOnce<T>(
  limit: number,
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await act(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
