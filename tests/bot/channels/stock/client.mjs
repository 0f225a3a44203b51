// A plain socket.io-client in Node, moved by a test: commands come in as lines of JSON, everything heard goes out so.
// Usage: node client.mjs URL AUTH
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { stdin, stdout, argv } from "node:process";

const require = createRequire(new URL("../../../../bot/widget/package.json", import.meta.url));
const { io } = require("socket.io-client");

const [url, auth] = argv.slice(2);
const told = (event, ...args) => stdout.write(JSON.stringify({ event, args }) + "\n");

const socket = io(url, {
  path: "/chat/socket.io",
  auth: JSON.parse(auth) ?? undefined,
  transports: ["websocket"],
  reconnectionDelay: 10,
  reconnectionDelayMax: 50,
});
socket.on("connect", () => told("connect"));
socket.on("disconnect", (reason) => told("disconnect", reason));
socket.on("connect_error", (error) => told("connect_error", { message: error.message, data: error.data ?? null }));
socket.onAny(told);

const commands = {
  emit: ({ name, data }) => socket.emit(name, data),
  // As when the line goes down: the server hears nothing, the client connects again by itself.
  drop: () => socket.io.engine.close(),
};
createInterface({ input: stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
}).on("close", () => socket.disconnect());
