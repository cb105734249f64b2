/**
 * The same rooms on Socket.IO and Node, as its documentation writes them:
 *
 *     node bench/servers/socket_io.js
 *
 * Only WebSocket, no compression (its default). Prints the address it listens on, as JSON.
 */
import { createServer } from "node:http";
import process from "node:process";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
  socket.on("join_room", ({ room_id: room }) => {
    socket.join(room);
    socket.emit("room_joined", { room_id: room });
  });
  socket.on("room_message", ({ room_id: room, content }) => {
    socket.to(room).emit("room_message", {
      room_id: room,
      content,
      sender_id: socket.id,
      timestamp: Date.now(),
    });
  });
});

http.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
  const { port } = http.address();
  process.stdout.write(`${JSON.stringify({ address: `127.0.0.1:${port}` })}\n`);
});
