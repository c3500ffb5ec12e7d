import { app } from '@azure/functions';
import { storeMessage } from '../messages.js';

const SMS_RECEIVED = 'Microsoft.Communication.SMSReceived';

/** Called once for each event; an error makes the whole delivery fail, and it is tried again. */
app.eventGrid('smsReceived', {
  handler: (event, context) => {
    if (event.eventType !== SMS_RECEIVED) {
      context.warn(`left alone: an event of type ${event.eventType}`);
      return;
    }
    const { messageId, from, to, message, receivedTimestamp } = event.data;
    const isNew = storeMessage({ id: messageId, from, to, text: message, receivedAt: receivedTimestamp });
    context.log(`${isNew ? 'stored' : 'known already'}: message ${messageId}`);
  },
});
