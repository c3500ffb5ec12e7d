/** For its effect alone: `node --import @switchboard/chat-node app.mjs`. */
export {};
