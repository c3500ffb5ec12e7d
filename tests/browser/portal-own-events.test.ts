import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PortalWindow } from '../lib/browser-portal.ts';
import { TestBrowser } from '../lib/browser.ts';
import { newTopic, publishBare, type Topic, WHOLE_ORDER } from '../lib/custom-topic.ts';
import { EventReceiver } from '../lib/event-receiver.ts';
import { startServer, type TestServer } from '../lib/server.ts';

const stack = new AsyncDisposableStack();
let server: TestServer;
let browser: TestBrowser;
let portal: PortalWindow;
let receiver: EventReceiver;
let topic: Topic;

beforeAll(async () => {
  server = stack.use(await startServer());
  browser = stack.use(await TestBrowser.start(server));
  receiver = stack.use(await EventReceiver.open());
  topic = await newTopic(server);
});
afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  portal = await PortalWindow.open(browser);
  return () => portal[Symbol.asyncDispose]();
});

async function open(query = ''): Promise<void> {
  await portal.go(`${server.ready.portal}events${query}#key=${server.ready.adminKey}`);
  await portal.part('live-state').getByText('Live').waitFor();
}

it('R108: an event of one’s own is published to a custom topic, for which one subscribes to types of one’s own', async () => {
  await open('?view=subscriptions');
  await portal.part('open-subscribe').click();
  await portal.part('subscription-name').fill('hook');
  await portal.part('subscription-url').fill(receiver.url);
  await portal.part('source').selectOption(topic.name);
  await portal.part('subscription-own-types').fill('Orders.Paid, Orders.Placed');
  await portal.part('subscribe').click();
  await portal.part('subscription').getByText(`Orders.Paid and Orders.Placed of ${topic.name}`).waitFor();

  await portal.part('open-trigger').click();
  await portal.part('source').selectOption(topic.name);
  const event = JSON.parse(await portal.part('publish-event').inputValue()) as Record<string, unknown>;
  await portal.part('publish-event').fill(JSON.stringify({ ...event, subject: '' }));
  await portal.part('publish').click();
  await portal.part('failure-publish').getByText('[0].subject').waitFor();
  await portal.part('publish-event').fill(JSON.stringify({ ...event, subject: 'orders/2' }));
  await portal.part('publish').click();
  await portal.part('event-detail').getByRole('heading', { name: 'Orders.Placed' }).waitFor();
  await receiver.until(() => receiver.events.length === 1);
  expect(receiver.events[0]).toMatchObject({ ...event, subject: 'orders/2' });
  // What was refused is the one problem that a console notes.
  expect(portal.problems.filter((problem) => !problem.includes('400'))).toEqual([]);
});

it('the page fits a narrow window, however long the names', async () => {
  const subscription = { name: `hook-${'x'.repeat(50)}`, endpointUrl: receiver.url };
  expect((await server.admin('POST', '/admin/events/subscriptions', subscription)).status).toBe(201);
  await publishBare(topic, [{ ...WHOLE_ORDER, eventType: `Orders.${'Placed'.repeat(20)}`, subject: 'x'.repeat(300) }]);
  await server.admin('POST', '/admin/events/trigger', { type: 'SMSReceived', data: { message: 'x'.repeat(300) } });
  await portal.page.setViewportSize({ width: 390, height: 844 });
  const sms = portal.part('event').filter({ hasText: 'SMSReceived' });

  await open();
  await sms.waitFor();
  expect(await portal.tooWide()).toEqual([]);
  for (const [opener, dialog] of [
    ['open-trigger', 'trigger-dialog'],
    ['open-disturb', 'disturb-dialog'],
  ] as const) {
    await portal.part(opener).click();
    await portal.part(dialog).waitFor();
    expect(await portal.tooWide(), dialog).toEqual([]);
    await portal.page.keyboard.press('Escape');
    await portal.part(dialog).waitFor({ state: 'detached' });
  }
  await sms.click();
  await portal.part('payload').waitFor();
  expect(await portal.tooWide()).toEqual([]);
  await portal.part('edit-event').click();
  await portal.part('resend-dialog').waitFor();
  expect(await portal.tooWide()).toEqual([]);
  await open('?view=subscriptions');
  await portal.part('subscription').first().waitFor();
  expect(await portal.tooWide()).toEqual([]);
  portal.expectNoProblems();
});
