// One room on Node's ws with Redis pub/sub, as their manuals show it: NODE_PATH, PORT, REDIS_URL.
import { createRequire } from "node:module";
const require = createRequire(process.env.NODE_PATH + "/");
const { WebSocketServer } = require("ws");
const { createClient } = require("redis");

const server = new WebSocketServer({ port: Number(process.env.PORT), perMessageDeflate: false });
const subscriber = createClient({ url: process.env.REDIS_URL });
await subscriber.connect();
await subscriber.subscribe("room", (text) => {
  for (const client of server.clients) if (client.readyState === 1) client.send(text);
});
