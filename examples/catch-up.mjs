import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';

// Prints every message of a thread once and in order, whatever happens to the connection or to the server.
const { ENDPOINT, TOKEN, THREAD_ID } = process.env;
const chat = new ChatClient(ENDPOINT, new AzureCommunicationTokenCredential(TOKEN));
const thread = chat.getChatThreadClient(THREAD_ID);

/** Ids of the messages that were printed. Ids are unique within a thread. */
const printed = new Set();
/** Time of the newest message before which none is missing; a program that restarts would keep it. */
let complete = new Date(0);
let isCaughtUp = false;

function print({ id, createdOn, text }) {
  if (!printed.has(id)) console.log(text);
  printed.add(id);
  if (isCaughtUp && createdOn > complete) complete = createdOn;
}

/** Lists what came since. It may find what was printed already, which costs nothing. */
async function catchUp() {
  const missed = [];
  for await (const { id, createdOn, content } of thread.listMessages({ startTime: complete })) {
    if (content?.message !== undefined) missed.push({ id, createdOn, text: content.message });
  }
  isCaughtUp = true;
  for (const message of missed.reverse()) print(message);
}

// One thing after the other: a live message that comes while the list is read waits for the list.
let queue = Promise.resolve();
function enqueue(work) {
  queue = queue.then(work).catch((error) => console.error(`${error.message}; listed again after the next connection`));
}

// The server keeps nothing for a client that is away, so each connection begins with a list.
chat.on('realTimeNotificationConnected', () => enqueue(catchUp));
chat.on('realTimeNotificationDisconnected', () => enqueue(() => (isCaughtUp = false)));
await chat.startRealtimeNotifications();
chat.on('chatMessageReceived', ({ id, createdOn, message }) => enqueue(() => print({ id, createdOn, text: message })));
