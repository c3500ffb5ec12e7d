/** An event that a custom topic takes, to begin with. @param inputSchema of the topic */
export function ownEvent(inputSchema: string, { id, now }: { readonly id: string; readonly now: Date }): object {
  const subject = 'orders/1';
  const data = { total: 5 };
  switch (inputSchema) {
    case 'EventGridSchema':
      return { id, eventType: 'Orders.Placed', subject, eventTime: now.toISOString(), dataVersion: '1.0', data };
    case 'CloudEventSchemaV1_0':
      return { specversion: '1.0', id, type: 'Orders.Placed', source: '/orders', subject, time: now.toISOString(), data };
    default:
      return {};
  }
}
